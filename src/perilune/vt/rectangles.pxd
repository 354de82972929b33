from perilune.vt.screen cimport Screen

cdef class Rectangles(Screen):
    # The rectangle that the last `find_rectangle` found, from 0, inclusive.
    cdef int rect_top, rect_left, rect_bottom, rect_right
    # XTCHECKSUM's flags.
    cdef int checksum_flags

    cdef bint find_rectangle(self, int[::1] params, int count, int first) noexcept nogil
    cdef int given(self, int[::1] params, int count, int number, int default) noexcept nogil
    cdef void touch_row(self, int row) noexcept nogil
    cdef void copy_rectangle(self, int[::1] params, int count) noexcept nogil
    cdef void fill_rectangle(self, int[::1] params, int count) noexcept nogil
    cdef void erase_rectangle(self, int[::1] params, int count, bint selective) noexcept nogil
    cdef void change_attributes(self, int[::1] params, int count, bint reverse) noexcept nogil
    cdef void change_span(self, int row, int start, int end, unsigned int clear, unsigned int put, bint reverse) noexcept nogil
    cdef unsigned int checksum(self) noexcept nogil
