cimport cython

from perilune.vt.host cimport Host

cdef class View(Host):
    cdef cython.pymutex lock
    # Readers that wait for the lock; written with the GIL held.
    cdef int waiters
    cdef unsigned long long cursor_seq
    # Numbers that this terminal's clusters and extras have in the tables of the frame drawn last.
    cdef unsigned int[::1] map_clusters, map_extras
    cdef int map_generation
    cdef object map_tables

    cdef void _enter(self)
    cdef unsigned long long _row_number(self, int row) noexcept nogil
    cdef str _word_text(self, unsigned int word)
    cdef str _slot_text(self, int slot, int start, int end)
    cdef object _extra(self, int number)
    cdef object _cell_of(self, int slot, int col)
    cdef int _stable_slot(self, object stable) except -2
    cdef object _longer(self, unsigned int[::1] old, int length)
    cdef unsigned int _mapped_cluster(self, unsigned int word, object tables) except? 0
    cdef unsigned int _mapped_extra(self, unsigned int number, object tables) except? 0
