from perilune.vt.history cimport History

cdef class Grid:
    # Geometry and margins; `top` to `right` are inclusive.
    cdef readonly int cols, rows
    cdef readonly int top, bottom, left, right
    # Rows of cells, addressed by slot.
    cdef int stride, slots
    cdef unsigned int[::1] cells
    cdef int[::1] used
    cdef unsigned char[::1] flags
    cdef unsigned long long[::1] line_seq
    # Which slot each visible row is, on the active screen and on the other one.
    cdef int[::1] vis, other
    cdef unsigned long long[::1] row_seq
    cdef int dirty_low, dirty_high
    # Scrollback; the last slot is where a row of it is unpacked to be looked at.
    cdef History store
    cdef readonly int history_count, history_max
    cdef readonly unsigned long long evicted
    cdef readonly bint on_alternate
    # Change numbers: `stamp` is what changes of the running slice get.
    cdef unsigned long long seq, stamp, all_seq
    cdef readonly int reflows
    # The image store, told when a row with an image goes to the scrollback; None before there is one.
    cdef public object image_store

    cdef void zero(self, int start, int count) noexcept nogil
    cdef void move(self, int target, int source, int count) noexcept nogil
    cdef void move_slots(self, int target, int source, int count) noexcept nogil
    cdef void fill(self, int slot, int start, int end, unsigned int word, unsigned int fg, unsigned int bg, unsigned int attr) noexcept nogil
    cdef void split_wide(self, int slot, int col) noexcept nogil
    cdef void erase(self, int row, int start, int end, unsigned int bg) noexcept nogil
    cdef void erase_unprotected(self, int row, int start, int end, unsigned int bg) noexcept nogil
    cdef void clear_slot(self, int slot, unsigned int bg) noexcept nogil
    cdef void clear_screen(self, unsigned int bg) noexcept nogil
    cdef void image_row_left(self, int slot) noexcept nogil
    cdef void push_history(self, int slot) noexcept nogil
    cdef void clear_history(self) noexcept nogil
    cdef void mark_rows(self, int first, int last) noexcept nogil
    cdef void flush_marks(self) noexcept nogil
    cdef void scroll_up(self, int first, int last, int count, unsigned int bg, bint keep) noexcept nogil
    cdef void scroll_down(self, int first, int last, int count, unsigned int bg) noexcept nogil
    cdef void scroll_box(self, int first, int last, int lines, unsigned int bg) noexcept nogil
    cdef void copy_span(self, int target_row, int target_col, int source_row, int source_col, int count) noexcept nogil
    cdef void insert_cells(self, int row, int col, int count, unsigned int bg) noexcept nogil
    cdef void delete_cells(self, int row, int col, int count, unsigned int bg) noexcept nogil
    cdef void swap_screens(self) noexcept nogil
    cdef int slot_of_line(self, int line) noexcept nogil
    cdef int content_length(self, int slot) noexcept nogil
