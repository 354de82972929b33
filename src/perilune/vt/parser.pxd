from perilune.vt.printer cimport Printer

cdef class Parser(Printer):
    cdef int state
    cdef int[::1] params
    cdef unsigned char[::1] colons
    cdef int param_count
    cdef bint overflow
    cdef int prefix, intermediate, final
    cdef int utf_need
    cdef unsigned int utf_code, utf_low, utf_high
    cdef unsigned char[::1] string
    cdef int string_length, string_kind, string_limit, image_limit
    cdef int request
    # How the string before the request ended; a reply to an OSC query ends likewise.
    cdef bint ended_by_bell

    cdef int parse(self, const unsigned char[::1] data, int start, int end) noexcept nogil
    cdef int ground(self, const unsigned char[::1] data, int at, int end) noexcept nogil
    cdef int utf8(self, const unsigned char[::1] data, int at, int end) noexcept nogil
    cdef void print_decoded(self, unsigned int code) noexcept nogil
    cdef void print_mapped(self, const unsigned char[::1] data, int start, int end) noexcept nogil
    cdef int csi(self, const unsigned char[::1] data, int at, int end) noexcept nogil
    cdef int collect(self, const unsigned char[::1] data, int at, int end) noexcept nogil
    cdef int room(self) noexcept nogil
    cdef void execute(self, int byte) noexcept nogil
    cdef void begin(self, int state) noexcept nogil
    cdef void begin_string(self, int kind, int state) noexcept nogil
    cdef void end_string(self) noexcept nogil
    cdef void escape(self, int byte) noexcept nogil
    cdef void escape_final(self, int byte) noexcept nogil
    cdef void push_param(self, int byte) noexcept nogil
    cdef int param(self, int number, int default) noexcept nogil
    cdef void csi_final(self) noexcept nogil
    cdef void csi_private(self) noexcept nogil
    cdef void csi_intermediate(self) noexcept nogil
    cdef void semantic_prompt(self) noexcept nogil
