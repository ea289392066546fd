#!/usr/bin/env bash
# Compiles gmm ahead of time for this platform: ./publish-native.sh [FOLDER], artifacts/native unless given. On x64 there is one archive for each level of
# processors, v3 (AVX2) and v4 (AVX-512); LEVELS=v3 makes that alone. It needs clang or gcc, and zlib (Debian: clang zlib1g-dev).
set -euo pipefail
folder=$(realpath -m "${1:-$(dirname "$0")/artifacts/native}")
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

platform=$(dotnet --info | sed -n 's/^ *RID: *//p')
version=$(dotnet msbuild src/Gmm.Cli -restore -t:MinVer -getProperty:Version)
case $platform in
    *-x64) levels=${LEVELS:-v3 v4} ;;
    *) levels=none ;;
esac
for level in $levels; do
    if [ "$level" = none ]; then name=gmm-$version-$platform set=; else name=gmm-$version-$platform-$level set=x86-64-$level; fi
    rm -rf "${folder:?}/$name"
    dotnet publish src/Gmm.Cli -c Release -r "$platform" --artifacts-path "$folder/build" -o "$folder/$name" -p:PublishAot=true -p:IlcInstructionSet="$set"
    rm -f "$folder/$name"/*.pdb "$folder/$name"/*.xml "$folder/$name"/*.dbg
    cp LICENSE THIRD-PARTY-NOTICES.md "$folder/$name"
    tar -C "$folder" -czf "$folder/$name.tar.gz" "$name"
    du -b "$folder/$name/gmm" "$folder/$name.tar.gz"
done
