from perilune.vt.rectangles cimport Rectangles

cdef class Printer(Rectangles):
    cdef unsigned int properties(self, unsigned int code) noexcept nogil
    cdef void print_ascii(self, const unsigned char[::1] data, int start, int end) noexcept nogil
    cdef void print_code(self, unsigned int code) noexcept nogil
    cdef void join(self, unsigned int code, unsigned int properties) noexcept nogil
    cdef unsigned int appended(self, unsigned int word, unsigned int code) noexcept nogil
    cdef unsigned int composition(self, unsigned int base, unsigned int mark) noexcept nogil
    cdef void print_normalized(self, unsigned int code) noexcept nogil
    cdef void attach(self, unsigned int code) noexcept nogil
    cdef void widen(self, int slot) noexcept nogil
    cdef void repeat(self, int count) noexcept nogil
    cdef unsigned int translate(self, unsigned int code) noexcept nogil
    cdef void vt52_control(self, int byte) noexcept nogil
    cdef void kitty_keys(self, int prefix, int number, int how) noexcept nogil
