# Mean and covariance of data with gaps by another program: EM of the R package Amelia (Honaker, King and Blackwell, Journal of Statistical Software
# 45, 2011), without its bootstrap and its prior. Writes the data and the estimates that tests/Gmm.Fast.Tests/Gaps/PeerTests.cs compares with.
#
#   Rscript docs/numerics/amelia_case.R tests/Gmm.Fast.Tests/Gaps/amelia.csv     (Debian: r-base-core, r-cran-amelia)
#
# The first 150 lines are Fisher's iris data, some values missing by a rule, one column complete; then the mean, then the covariance.
suppressMessages(library(Amelia))
x <- as.matrix(iris[, 1:4])
for (i in 1:150) for (j in c(1, 2, 4)) if ((i * i * (2 * j + 1) + 11 * i * j) %% 29 < 2 + j) x[i, j] <- NA
fit <- suppressWarnings(amelia(x, m = 1, boot.type = "none", p2s = 0, tolerance = 1e-13, empri = 0))

# Amelia works in units of the present values, whose mean is 0 and whose standard deviation is 1, and sorts columns by the number of missing ones.
center <- colMeans(x, na.rm = TRUE)
scale <- apply(x, 2, sd, na.rm = TRUE)
missing <- colSums(is.na(x))
stopifnot(!anyDuplicated(missing))
place <- rank(missing)
mean <- center + scale * fit$mu[place, 1]
covariance <- fit$covMatrices[place, place, 1] * (scale %o% scale)
line <- function(values) paste(ifelse(is.na(values), "", formatC(values, digits = 15, width = -1, format = "g")), collapse = ",")
writeLines(c(apply(x, 1, line), line(mean), apply(covariance, 1, line)), commandArgs(trailingOnly = TRUE)[1])
