package org.libluma;

/** Which elements a list has, and in which order. */
public final class ListOptions {
    final String filter;
    final String orderBy;
    final long skip;
    final long top;

    private ListOptions(String filter, String orderBy, long skip, long top) {
        this.filter = filter;
        this.orderBy = orderBy;
        this.skip = skip;
        this.top = top;
    }

    /**
     * All elements.
     *
     * @return options to be refined
     */
    public static ListOptions all() {
        return new ListOptions(null, null, 0, 0);
    }

    /**
     * Selects elements.
     *
     * @param condition in the vendor's syntax, such as {@code status==FAILED}
     * @return options with it
     */
    public ListOptions filter(String condition) {
        return new ListOptions(condition, orderBy, skip, top);
    }

    /**
     * Sorts the elements. An ambiguous order may lose elements of a long list.
     *
     * @param order in the vendor's syntax, such as {@code startTime asc}
     * @return options with it
     */
    public ListOptions orderBy(String order) {
        return new ListOptions(filter, order, skip, top);
    }

    /**
     * Leaves out elements at the start.
     *
     * @param count their number
     * @return options with it
     */
    public ListOptions skip(long count) {
        return new ListOptions(filter, orderBy, count, top);
    }

    /**
     * Limits the number of elements.
     *
     * @param count the largest number; 0 for all
     * @return options with it
     */
    public ListOptions top(long count) {
        return new ListOptions(filter, orderBy, skip, count);
    }
}
