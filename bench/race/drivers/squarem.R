# Counts the EM steps that SQUAREM (Varadhan and Roland 2008, R package SQUAREM) takes from a shared start, beside plain EM: DATA full|diag K [NEAR].
# Densities and M-steps are mclust's. Coordinates are log-ratios of weights, means, and Cholesky factors with logarithms on the diagonal, in which all
# numbers are a mixture. Prints, for both, the steps until the log-likelihood is within NEAR, 1e-6 unless said, nats a point of the larger end.
suppressPackageStartupMessages({ library(mclust); library(SQUAREM) })
a <- commandArgs(trailingOnly = TRUE)
full <- a[2] == "full"; K <- as.integer(a[3]); near <- if (length(a) > 3) as.numeric(a[4]) else 1e-6
model <- if (full) "VVV" else "VVI"
most_steps <- 3000

npy <- function(part) {
  con <- file(file.path(a[1], paste0(part, ".npy")), "rb"); on.exit(close(con))
  h <- readBin(con, "raw", 10)
  head <- sub(".*shape", "", rawToChar(readBin(con, "raw", as.integer(h[9]) + 256L * as.integer(h[10]))))
  s <- as.integer(regmatches(head, gregexpr("[0-9]+", head))[[1]])
  x <- readBin(con, "double", prod(s), endian = "little")
  if (length(s) == 1) x else aperm(array(x, rev(s)))
}
X <- npy("X"); N <- nrow(X); D <- ncol(X); upper <- upper.tri(diag(D))

# Variances are a list of D x D matrices, or of D variances.
to_numbers <- function(w, mu, s) {
  shape <- lapply(s, function(c) if (full) { r <- chol(c); c(log(diag(r)), r[upper]) } else log(c))
  c(log(w[-K] / w[K]), mu, unlist(shape))
}
to_mixture <- function(p) {
  ratios <- c(p[seq_len(K - 1)], 0); w <- exp(ratios - max(ratios)); w <- w / sum(w)
  mu <- matrix(p[K - 1 + seq_len(K * D)], D, K)
  shape <- matrix(p[-seq_len(K - 1 + K * D)], ncol = K)
  v <- mclustVariance(model, d = D, G = K)
  if (full) {
    roots <- lapply(seq_len(K), function(k) { r <- matrix(0, D, D); r[upper] <- shape[-seq_len(D), k]; diag(r) <- exp(shape[seq_len(D), k]); r })
    v$cholsigma <- array(unlist(roots), c(D, D, K)); v$sigma <- array(unlist(lapply(roots, crossprod)), c(D, D, K))
  } else { v$scale <- exp(colMeans(shape)); v$shape <- exp(sweep(shape, 2, colMeans(shape))) }
  list(pro = w, mean = mu, variance = v)
}
values <- c()
step <- function(p) {
  e <- estep(model, data = X, parameters = to_mixture(p))
  values <<- c(values, e$loglik / N)
  m <- mstep(model, data = X, z = e$z)$parameters
  s <- lapply(seq_len(K), function(k) if (full) m$variance$sigma[, , k] else diag(m$variance$sigma[, , k]))
  to_numbers(m$pro, m$mean, s)
}
rise <- function(p) -estep(model, data = X, parameters = to_mixture(p))$loglik
cv <- npy("cov0")
start <- to_numbers(npy("w0"), t(npy("mu0")), lapply(seq_len(K), function(k) if (full) cv[k, , ] else cv[k, ]))

values <- c(); p <- start
while (length(values) < most_steps && (length(values) < 2 || diff(tail(values, 2)) > 1e-10)) p <- step(p)
plain <- values
values <- c()
fit <- squarem(start, step, rise, control = list(tol = 1e-7, maxiter = most_steps))
end <- max(plain, values)
first <- function(v) if (any(v >= end - near)) min(which(v >= end - near)) else NA
cat(sprintf('{"set":"%s","steps_em":%s,"steps_squarem":%s,"evaluations":%d,"end_em":%.9f,"end_squarem":%.9f}\n', basename(a[1]),
            first(plain), first(values), fit$fpevals + fit$objfevals, max(plain), max(values)))
