# Prints a page of documentation with a new table: what table() prints, in place of what is between
# the line `begin` and the end of the figures. Before that, plot_all() writes the plot. To be used
# after a script that has read the figures.

FNR == 1 { plot_all() }
$0 == begin {
    print
    table()
    is_old = 1
    next
}
/^<!-- end of the figures -->$/ { is_old = 0 }
!is_old
