cdef class ClusterTable:
    cdef readonly int count
    cdef readonly int capacity
    cdef unsigned int[::1] parents
    cdef unsigned int[::1] points
    cdef unsigned char[::1] lengths
    cdef int[::1] buckets
    cdef int grow(self) noexcept nogil
    cdef unsigned int append(self, unsigned int parent, unsigned int code) noexcept nogil


cdef class LinkTable:
    cdef readonly int count
    cdef int used
    cdef int[::1] starts
    cdef int[::1] buckets
    cdef unsigned char[::1] arena
    cdef int grow(self, int need) noexcept nogil
    cdef int intern(self, const unsigned char[::1] data, int start, int end) noexcept nogil


cdef class ExtraTable:
    cdef readonly int count
    cdef readonly int capacity
    cdef unsigned int[::1] links
    cdef unsigned int[::1] colors
    cdef int[::1] buckets
    cdef int grow(self) noexcept nogil
    cdef int intern(self, unsigned int link, unsigned int color) noexcept nogil
