// Armadillo's gmm_full and gmm_diag as a driver of the race, by the protocol of README.md: DATA full|diag K THREADS. There is no tolerance, and a
// floor of 1e-6 under the variances in place of what others add. It gives no model before its end, so every iteration is a call of its own, which
// adds no more than a look at all points for numbers that are not finite.
#include <armadillo>
#include <iostream>
#include "../../peers/peer_common.hpp"

const int all_until = 32, default_iterations = 100, kmeans_iterations = 10;
const double growth = 1.05, floor_of_variances = 1e-6;

template <class Model> struct Driver {
  arma::mat X;
  int K;

  void start(Model& m, const std::string& folder) const {
    peer::Npy w = peer::load(folder + "/w0.npy"), mu = peer::load(folder + "/mu0.npy"), c = peer::load(folder + "/cov0.npy");
    arma::mat means(mu.data.data(), X.n_rows, K);
    m.reset(X.n_rows, K);
    if constexpr (std::is_same_v<Model, arma::gmm_full>) m.set_params(means, arma::cube(c.data.data(), X.n_rows, X.n_rows, K), arma::rowvec(w.data));
    else m.set_params(means, arma::mat(c.data.data(), X.n_rows, K), arma::rowvec(w.data));
  }

  static void write(std::FILE* file, const Model& m) {
    std::fwrite(m.hefts.memptr(), sizeof(double), m.hefts.n_elem, file);
    std::fwrite(m.means.memptr(), sizeof(double), m.means.n_elem, file);
    if constexpr (std::is_same_v<Model, arma::gmm_full>) std::fwrite(m.fcovs.memptr(), sizeof(double), m.fcovs.n_elem, file);
    else std::fwrite(m.dcovs.memptr(), sizeof(double), m.dcovs.n_elem, file);
  }

  void answer(const std::string& folder, const std::string& models, double limit, int iterations, int seed) const {
    std::ofstream("/proc/self/clear_refs") << 5;
    double before = peer::status_mb("VmRSS:"), seconds = 0;
    std::FILE* file = models == "-" ? nullptr : std::fopen(models.c_str(), "wb");
    std::string end = "iterations";
    int last = -1, i = 0;
    Model m;
    bool given = folder != "default", fine = true;
    if (given) start(m, folder);
    else arma::arma_rng::set_seed(seed);
    if (iterations == 0) iterations = default_iterations;
    for (; i <= iterations; i++) {
      double begin = peer::now();
      if (i > 0) fine = m.learn(X, K, arma::eucl_dist, arma::keep_existing, 0, 1, floor_of_variances, false);
      else if (!given) fine = m.learn(X, K, arma::maha_dist, arma::random_subset, kmeans_iterations, 0, floor_of_variances, false);
      seconds += peer::now() - begin;
      if (!fine) { end = "failed: learn gave no model"; break; }
      if (i <= all_until || i >= growth * last || i == iterations || seconds > limit) {
        last = i;
        std::printf("{\"iteration\":%d,\"passes\":%d,\"seconds\":%.9g}\n", i, i, seconds);
        if (file) write(file, m);
      }
      if (seconds > limit) { end = "seconds"; break; }
    }
    if (file) std::fclose(file);
    std::printf("{\"iteration\":%d,\"passes\":%d,\"seconds\":%.9g,\"end\":\"%s\",\"megabytes\":%.9g}\n",
                last, last, seconds, end.c_str(), peer::status_mb("VmHWM:") - before);
    std::fflush(stdout);
  }
};

template <class Model> void serve(const std::string& data, int K) {
  peer::Npy rows = peer::load(data + "/X.npy");
  Driver<Model> driver{arma::mat(rows.data.data(), rows.shape[1], rows.shape[0], false, true), K};
  std::printf("{\"ready\":true,\"version\":\"%s\"}\n", arma::arma_version::as_string().c_str());
  std::fflush(stdout);
  std::string folder, models;
  for (double limit; std::cin >> folder >> models >> limit;) {
    int iterations, seed;
    std::cin >> iterations >> seed;
    driver.answer(folder, models, limit, iterations, seed);
  }
}

int main(int argc, char** argv) {
  if (argc != 5) { std::fprintf(stderr, "usage: %s DATA full|diag K THREADS\n", argv[0]); return 2; }
  if (std::string(argv[2]) == "full") serve<arma::gmm_full>(argv[1], std::atoi(argv[3]));
  else serve<arma::gmm_diag>(argv[1], std::atoi(argv[3]));
}
