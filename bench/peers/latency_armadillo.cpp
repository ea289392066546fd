// How long Armadillo's log_p of one vector takes, gmm_full: MODEL D K N CALLS. MODEL holds doubles: weights [K], means [K x D], covariances [K x D x D] and
// points [N x D]. Prints "NANOSECONDS CALLS" for every time that occurred; a fifth as many calls go before, uncounted.
#include <armadillo>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <vector>

static long now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const size_t D = std::atol(argv[2]), K = std::atol(argv[3]), N = std::atol(argv[4]), calls = std::atol(argv[5]);
  std::vector<double> numbers(K + K * D + K * D * D + N * D);
  std::ifstream file(argv[1], std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(numbers.data()), numbers.size() * sizeof(double))) return 1;
  double* at = numbers.data();
  const arma::rowvec weights(at, K);
  const arma::mat means(at += K, D, K);
  const arma::cube covariances(at += K * D, D, D, K);
  const arma::mat points(at += K * D * D, D, N);
  arma::gmm_full model;
  model.set_params(means, covariances, weights);
  std::map<long, long> times;
  double kept = 0;
  for (size_t i = 0; i < calls + calls / 5; i++) {
    const long begin = now();
    kept += model.log_p(points.unsafe_col(i % N));
    const long taken = now() - begin;
    if (i >= calls / 5) times[taken]++;
  }
  if (kept != kept) return 1;
  for (const auto& [taken, count] : times) std::printf("%ld %ld\n", taken, count);
}
