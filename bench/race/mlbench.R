# Writes a table of r-cran-mlbench as numbers, one row a line: NAME (Shuttle, LetterRecognition, Satellite). Columns that are not numbers are left out.
a <- commandArgs(trailingOnly = TRUE)
data(list = a[1], package = "mlbench")
x <- get(a[1])
write.table(x[, vapply(x, is.numeric, TRUE)], row.names = FALSE, col.names = FALSE)
