# mclust as a driver of the race, by the protocol of README.md: DATA full|diag K THREADS. It uses one thread and adds nothing to variances. It gives no
# model before its end, so models come from iterations called one by one; times are those of one call of all of them, spread evenly.
suppressPackageStartupMessages(library(mclust))
a <- commandArgs(trailingOnly = TRUE)
data <- a[1]; full <- a[2] == "full"; K <- as.integer(a[3])
model <- if (full) "VVV" else "VVI"
all_until <- 32; growth <- 1.05; default_iterations <- 100000

npy <- function(file) {
  con <- file(file, "rb"); on.exit(close(con))
  h <- readBin(con, "raw", 10)
  head <- rawToChar(readBin(con, "raw", as.integer(h[9]) + 256L * as.integer(h[10])))
  s <- as.integer(regmatches(sub(".*shape", "", head), gregexpr("[0-9]+", sub(".*shape", "", head)))[[1]])
  x <- readBin(con, "double", prod(s), endian = "little")
  if (length(s) == 1) x else aperm(array(x, rev(s)))
}
status <- function(key) as.numeric(gsub("[^0-9]", "", grep(key, readLines("/proc/self/status"), value = TRUE))) / 1024
say <- function(...) {
  e <- list(...)
  text <- vapply(e, function(z) if (is.character(z)) paste0("\"", z, "\"") else format(z, digits = 12), "")
  cat("{", paste0("\"", names(e), "\":", text, collapse = ","), "}\n", sep = "")
  flush(stdout())
}
now <- function() as.numeric(Sys.time())
X <- npy(file.path(data, "X.npy")); D <- ncol(X)

given <- function(folder) {
  w <- npy(file.path(folder, "w0.npy")); mu <- npy(file.path(folder, "mu0.npy")); cv <- npy(file.path(folder, "cov0.npy"))
  v <- mclustVariance(model, d = D, G = K)
  if (full) { v$sigma <- aperm(cv, c(2, 3, 1)); v$cholsigma <- array(apply(v$sigma, 3, chol), c(D, D, K)) }
  else { v$scale <- exp(rowMeans(log(cv))); v$shape <- t(cv / v$scale) }
  list(pro = w, mean = t(mu), variance = v)
}
write_model <- function(p, to) {
  s <- p$variance$sigma
  writeBin(c(p$pro, p$mean, if (full) s else apply(s, 3, diag)), to, endian = "little")
}
iterate <- function(z, n) me(model, data = X, z = z, control = emControl(tol = c(0, 0), itmax = c(n, n)))

cat('{"ready":true,"version":"mclust ', as.character(packageVersion("mclust")), '"}\n', sep = ""); flush(stdout())
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  r <- strsplit(line, " ")[[1]]
  limit <- as.numeric(r[3]); iterations <- as.integer(r[4])
  cat("5", file = "/proc/self/clear_refs"); before <- status("VmRSS")
  to <- if (r[2] == "-") NULL else file(r[2], "wb")
  if (r[1] == "default") {
    begin <- now()
    m <- tryCatch(Mclust(X, G = K, modelNames = model, verbose = FALSE), error = function(e) NULL)
    seconds <- now() - begin
    if (!is.null(m)) {
      say(iteration = 0, passes = 0, seconds = seconds)
      if (!is.null(to)) write_model(m$parameters, to)
    }
    end <- if (is.null(m)) "failed: no model" else "converged"; last <- 0
  } else {
    begin <- now(); p <- given(r[1]); z <- estep(model, data = X, parameters = p)$z; first <- now() - begin
    trail <- 0; if (!is.null(to)) writeBin(c(p$pro, p$mean, if (full) p$variance$sigma else t(npy(file.path(r[1], "cov0.npy")))), to, endian = "little")
    if (iterations == 0) iterations <- default_iterations
    end <- "iterations"; i <- 0; last <- 0; own <- 0; begin <- now()
    while (i < iterations) {
      m <- iterate(z, 1)
      if (is.null(m) || any(is.na(m$parameters$mean))) { end <- "failed: a covariance is singular"; break }
      z <- m$z; i <- i + 1
      late <- now() - begin > limit
      if (i <= all_until || i >= growth * last || i == iterations || late) {
        last <- i; trail <- c(trail, i)
        if (!is.null(to)) write_model(m$parameters, to)
      }
      if (late) { end <- "seconds"; break }
    }
    z <- estep(model, data = X, parameters = p)$z
    begin <- now(); if (last > 0) iterate(z, last); whole <- now() - begin
    for (i in trail) say(iteration = i, passes = i, seconds = first + whole * i / max(1, last))
    seconds <- first + whole
  }
  if (!is.null(to)) close(to)
  say(iteration = last, passes = last, seconds = seconds, end = end, megabytes = status("VmHWM") - before)
}
