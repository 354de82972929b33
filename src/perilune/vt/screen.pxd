from perilune.vt.grid cimport Grid
from perilune.vt.tables cimport ClusterTable, ExtraTable, LinkTable

cdef class Screen(Grid):
    cdef readonly ClusterTable clusters
    cdef readonly LinkTable links
    cdef readonly ExtraTable extras
    # Cursor. `pending` is the deferred wrap: the cursor stands on the last column, past what it wrote.
    cdef readonly int row, col
    cdef readonly bint pending
    cdef readonly int cursor_style
    # Rendition of what is printed next, as cell words; `attr` holds zone, protection and extra as well.
    cdef readonly unsigned int fg, bg, attr, link, underline_color
    # Grapheme clustering across prints.
    cdef unsigned int cluster_state, last_properties
    cdef int last_row, last_col
    cdef unsigned int last_code
    cdef unsigned short[::1] property_index, property_blocks
    cdef unsigned char[::1] transitions
    cdef unsigned int ascii_state
    cdef bint variation_selectors, ambiguous_is_wide, composes
    # Charsets: '0' DEC graphics, 'A' UK, everything else ASCII.
    cdef unsigned char[::1] charsets
    cdef int locking_shift, single_shift
    cdef bint plain_text
    # Modes by number, and DECSC slots of the two screens.
    cdef unsigned char[::1] private_modes, ansi_modes, saved_modes, known_modes
    # Who protected cells last: 0 nobody, 1 DECSCA, 2 SPA. After SPA every erasure spares them.
    cdef int protected_by
    # DECSACE: whether attribute changes keep to the rectangle.
    cdef readonly bint rectangle_extent
    # DECSCL's level (61 to 65) and S8C1T: 8-bit C1 controls are read and sent.
    cdef readonly int level
    cdef readonly bint eight_bit
    # DECANM reset: a VT52, until ESC <.
    cdef readonly bint vt52
    cdef bint autowrap, insert_mode, origin, newline_mode, margins_mode
    cdef readonly int mouse_tracking, mouse_encoding, modify_other_keys
    cdef unsigned int[::1] saved
    cdef unsigned char[::1] kitty_stack
    cdef int[::1] kitty_depth
    cdef unsigned char[::1] tabs
    cdef readonly unsigned long long dropped
    cdef int bells
    # A synchronised update was closed: frames that waited for it are due, whatever has changed.
    # Something shows differently though no row was written: a synchronised update ended, an image changed.
    cdef bint sync_closed
    # The picture of the last synchronised update that ended, kept when the next one starts at once and a frame
    # waits for it: rows of cells, their change numbers, the cursor, the number of the slice.
    cdef bint frame_wanted, has_finished
    cdef unsigned int[::1] finished_cells
    cdef unsigned long long[::1] finished_seq
    cdef unsigned long long finished_stamp
    cdef int finished_number, finished_row, finished_col, finished_look

    cdef void keep_finished(self) noexcept nogil

    cdef void update_charset(self) noexcept nogil
    cdef void wrap(self) noexcept nogil
    cdef void index(self) noexcept nogil
    cdef void reverse_index(self) noexcept nogil
    cdef void carriage_return(self) noexcept nogil
    cdef void backspace(self, int count) noexcept nogil
    cdef void tab_forward(self, int count) noexcept nogil
    cdef void tab_back(self, int count) noexcept nogil
    cdef void clear_tabs(self, int how) noexcept nogil
    cdef void default_tabs(self, int start) noexcept nogil
    cdef void move_to(self, int row, int col) noexcept nogil
    cdef void move_rows(self, int count) noexcept nogil
    cdef void move_cols(self, int count) noexcept nogil
    cdef bint in_margins(self) noexcept nogil
    cdef void set_rows_margin(self, int top, int bottom) noexcept nogil
    cdef void set_cols_margin(self, int left, int right) noexcept nogil
    cdef void erase_line(self, int how, bint selective) noexcept nogil
    cdef void erase_display(self, int how, bint selective) noexcept nogil
    cdef void erase_span(self, int row, int start, int end, bint selective) noexcept nogil
    cdef void erase_chars(self, int count) noexcept nogil
    cdef void insert_chars(self, int count) noexcept nogil
    cdef void delete_chars(self, int count) noexcept nogil
    cdef void insert_lines(self, int count) noexcept nogil
    cdef void delete_lines(self, int count) noexcept nogil
    cdef void insert_cols(self, int count) noexcept nogil
    cdef void delete_cols(self, int count) noexcept nogil
    cdef void pan(self, int lines) noexcept nogil
    cdef void save_cursor(self) noexcept nogil
    cdef void restore_cursor(self) noexcept nogil
    cdef void set_ansi_mode(self, int mode, bint on) noexcept nogil
    cdef void set_private_mode(self, int mode, bint on) noexcept nogil
    cdef void to_screen(self, bint alternate) noexcept nogil
    cdef void sgr(self, int[::1] params, unsigned char[::1] colons, int count) noexcept nogil
    cdef int sgr_color(self, int[::1] params, unsigned char[::1] colons, int count, int at) noexcept nogil
    cdef unsigned int parsed_color
    cdef void update_extra(self) noexcept nogil
    cdef void set_link(self, int link) noexcept nogil
    cdef void alignment_test(self) noexcept nogil
    cdef void protect(self, bint on, int who) noexcept nogil
    cdef void set_level(self, int level, bint seven_bit) noexcept nogil
    cdef void soft_reset_state(self) noexcept nogil
