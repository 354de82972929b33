cimport cython

@cython.final
cdef class History:
    cdef int limit, cols
    # Encoded cells, oldest first; offsets are counted from the first word ever written.
    cdef unsigned int[::1] arena
    cdef int arena_first, arena_end
    cdef bint packed_wide
    cdef long long shift
    # Logical lines in a ring of a power of two.
    cdef long long[::1] offsets
    cdef unsigned long long[::1] starts, seqs
    cdef int[::1] lengths, marks
    cdef unsigned char[::1] kinds
    cdef long long line_first, line_end
    cdef int mask
    # Stable numbers of the oldest row kept and of the one behind the newest.
    cdef unsigned long long row_first, row_end
    # Where the kept part of the oldest line starts.
    cdef int head_cell
    cdef bint open_line, gap
    # Of the row that `locate` found.
    cdef int found_line, found_start, found_stop
    cdef unsigned char found_flags
    cdef long long found_number

    cdef int count(self) noexcept nogil
    cdef int make_room(self, int words) noexcept nogil
    cdef int grow_arena(self, int used, int words) noexcept nogil
    cdef int grow_lines(self) noexcept nogil
    cdef int make_line(self) noexcept nogil
    cdef void forget(self) noexcept nogil
    cdef int pack(self, unsigned int[::1] arena, int header, unsigned int[::1] cells, int at, int count) noexcept nogil
    cdef int pack_runs(self, unsigned int[::1] arena, int header, unsigned int[::1] cells, int at, int count, unsigned int kind) noexcept nogil
    cdef void push(self, unsigned int[::1] cells, int at, int count, unsigned char flags, unsigned long long seq) noexcept nogil
    cdef void evict(self) noexcept nogil
    cdef unsigned int word_at(self, int line, int cell) noexcept nogil
    cdef int row_break(self, int line, int start) noexcept nogil
    cdef int rows_of(self, int line, int start) noexcept nogil
    cdef void locate(self, int row) noexcept nogil
    cdef int decode(self, int row, unsigned int[::1] target, int at) noexcept nogil
    cdef void relayout(self, int cols) noexcept nogil
    cdef int tail_rows(self, int rows, int cols) noexcept nogil
    cdef void truncate(self, int rows) noexcept nogil
