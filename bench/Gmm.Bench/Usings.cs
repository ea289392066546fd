global using Gmm.Fast;
