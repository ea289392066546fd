# Prints the BIC that mclust finds for 1 to 9 components of the six families it shares with this project, on four data sets, as lines of
# set,model,components,bic,loglik. BIC has this project's sign: p ln N - 2 ll, smaller is better. Argument: the folder of wine.csv.
#   Rscript bench/peers/select/mclust_table.R tests/Gmm.Fast.Tests/Starts > tests/Gmm.Fast.Tests/Selection/mclust.csv
# With a second argument, the folder receives diabetes.csv as it is in mclust.
suppressPackageStartupMessages(library(mclust))
a <- commandArgs(trailingOnly = TRUE)
models <- c("EII", "VII", "EEI", "VVI", "EEE", "VVV")
data(diabetes)
sets <- list(faithful = as.matrix(faithful), iris = as.matrix(iris[, 1:4]), diabetes = as.matrix(diabetes[, 2:4]),
             wine = as.matrix(read.csv(file.path(a[1], "wine.csv"))))
if (length(a) > 1) write.csv(diabetes[, 2:4], file.path(a[2], "diabetes.csv"), row.names = FALSE, quote = FALSE)
cat("set,model,components,bic,loglik\n")
for (name in names(sets)) {
  x <- sets[[name]]
  for (model in models) for (k in 1:9) {
    set.seed(1)
    m <- tryCatch(Mclust(x, G = k, modelNames = model, verbose = FALSE, control = emControl(tol = c(1e-8, 1e-8), itmax = c(2000, 2000))),
                  error = function(e) NULL)
    if (!is.null(m)) cat(sprintf("%s,%s,%d,%.6f,%.6f\n", name, model, k, -m$bic, m$loglik))
  }
}
