return { cursor_blink_rate = 400, default_workspace = 'main' }
