using BenchmarkDotNet.Running;
using Gmm.Bench;
using Gmm.Bench.Latency;
using Gmm.Bench.Passes;
using Gmm.Bench.Peers;
using Gmm.Bench.Race;
using Gmm.Bench.Ranks;
using Gmm.Bench.Scaling;
using Gmm.Bench.Service;
using Gmm.Bench.Targets;

// short | full [CLASS ...]: BenchmarkDotNet, results under bench/results. targets: the measured targets. best: kernels at their shortest.
// duplicates: fits of pixels and grids with equal points folded. fit-many: small fits side by side. skipping: iterations without the pairs that have no share. wide: iterations on wide data. gaps: points with missing values.
// gap-starts: where fits of these end from each start.
// starts-quality: models from several starts, see bench/peers/starts. start-cost: starts in iterations of EM.
// select: a selection beside its fits one after the other. scaling: time per iteration against points, features, components and threads, as a picture.
// passes: passes over the points with each acceleration. progressive: fits that begin on samples.
// latency: single calls, batches and many threads.
// ranks: several processes beside threads of one. rank: one of these processes.
// race-driver, race-report: this engine in a race to a solution, and its tables, see bench/race.
// service: samples/ScoringService under load.
// peer: one engine among others, see bench/peers.
// Anything else belongs to BenchmarkDotNet's own command line.
return args switch
{
    ["short", .. var names] => Suite.Short(names),
    ["full", .. var names] => Suite.Full(names),
    ["targets", .. var rest] => TargetsCommand.Run(rest),
    ["best", .. var rest] => BestCommand.Run(rest),
    ["scaling", .. var rest] => ScalingCommand.Run(rest),
    ["gaps", .. var rest] => GapsCommand.Run(rest),
    ["gap-starts", .. var rest] => GapStartsCommand.Run(rest),
    ["select", .. var rest] => SelectCommand.Run(rest),
    ["duplicates", .. var rest] => DuplicatesCommand.Run(rest),
    ["fit-many", .. var rest] => FitManyCommand.Run(rest),
    ["skipping", .. var rest] => SkippingCommand.Run(rest),
    ["wide", .. var rest] => WideCommand.Run(rest),
    ["starts-quality", .. var rest] => StartsCommand.Run(rest),
    ["start-cost", .. var rest] => StartCostCommand.Run(rest),
    ["passes", .. var rest] => PassesCommand.Run(rest),
    ["progressive", .. var rest] => ProgressiveCommand.Run(rest),
    ["latency", .. var rest] => LatencyCommand.Run(rest),
    ["ranks", .. var rest] => RanksCommand.Run(rest),
    ["rank", .. var rest] => RankCommand.Run(rest),
    ["race-driver", .. var rest] => RaceDriver.Run(rest),
    ["race-report", .. var rest] => RaceReport.Run(rest),
    ["service", .. var rest] => ServiceCommand.Run(rest),
    ["peer", .. var rest] => PeerCommand.Run(rest),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1,
};
