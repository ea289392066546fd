# Fits every set of DIR with mclust's default start, hierarchical clustering, one JSON line a run: DIR [name part]. The start has no seed.
suppressPackageStartupMessages(library(mclust))
a <- commandArgs(trailingOnly = TRUE)
sets <- read.delim(file.path(a[1], "sets.tsv"), header = FALSE, colClasses = "character")
numbers <- function(v) paste0("[", paste(format(as.vector(v), digits = 17, trim = TRUE), collapse = ","), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, numbers), collapse = ","), "]")
for (i in seq_len(nrow(sets))) {
  name <- sets[i, 1]; k <- as.integer(sets[i, 2])
  if (length(a) > 1 && !grepl(a[2], name, fixed = TRUE)) next
  x <- as.matrix(read.csv(file.path(a[1], paste0(name, ".csv")), header = FALSE))
  dimnames(x) <- NULL
  set.seed(1)
  begin <- proc.time()[["elapsed"]]
  m <- tryCatch(Mclust(x, G = k, modelNames = if (sets[i, 3] == "full") "VVV" else "VVI", verbose = FALSE,
                       control = emControl(tol = c(1e-10, 1e-10), itmax = c(1000, 1000))), error = function(e) NULL)
  seconds <- proc.time()[["elapsed"]] - begin
  if (is.null(m)) { cat(sprintf('{"system":"mclust","set":"%s","seed":0,"failure":"no model","seconds":%g}\n', name, seconds)); next }
  s <- m$parameters$variance$sigma
  covariances <- if (sets[i, 3] == "full") paste(apply(s, 3, rows), collapse = ",") else paste(apply(s, 3, function(c) numbers(diag(c))), collapse = ",")
  cat(sprintf('{"system":"mclust","set":"%s","seed":0,"seconds":%g,"weights":%s,"means":%s,"covariances":[%s]}\n', name, seconds,
              numbers(m$parameters$pro), rows(t(m$parameters$mean)), covariances))
}
