"""The front end that draws inside a host terminal: driver, input parser, diff writer, clipboard."""
