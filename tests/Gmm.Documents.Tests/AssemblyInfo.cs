using Xunit.Sdk;
using Xunit.v3;

// Blocks of pages run in a folder of their own, and print to the console of the process.
[assembly: Parallelization(Mode = ParallelMode.None)]
