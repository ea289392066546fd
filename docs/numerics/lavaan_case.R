# Mean and covariance of the daily air of New York, which has gaps, by another program: full information maximum likelihood in the R package lavaan
# (Rosseel, Journal of Statistical Software 48, 2012). Writes the estimates and the log-likelihood that tests/Gmm.Fast.Tests/Gaps/PeerTests.cs
# compares with.
#
#   Rscript docs/numerics/lavaan_case.R data/air-quality.csv tests/Gmm.Fast.Tests/Gaps/lavaan.csv     (Debian: r-base-core, r-cran-lavaan)
#
# The first line is the mean, then comes the covariance, then the log-likelihood.
suppressMessages(library(lavaan))
arguments <- commandArgs(trailingOnly = TRUE)
x <- as.matrix(read.csv(arguments[1]))
estimate <- function(x) lavaan:::lav_mvnorm_missing_h1_estimate_moments(Y = x, Mp = lavaan:::lav_data_missing_patterns(x), max.iter = 10000, tol = 1e-14)

# Its tolerance is absolute, so it works in units of the columns.
center <- colMeans(x, na.rm = TRUE)
scale <- apply(x, 2, sd, na.rm = TRUE)
fit <- estimate(sweep(sweep(x, 2, center), 2, scale, "/"))
mean <- center + scale * fit$Mu
covariance <- fit$Sigma * (scale %o% scale)
loglik <- lavaan:::lav_mvnorm_missing_loglik_data(Y = x, Mu = mean, Sigma = covariance)
line <- function(values) paste(formatC(values, digits = 15, width = -1, format = "g"), collapse = ",")
writeLines(c(line(mean), apply(covariance, 1, line), line(loglik)), arguments[2])
