#!/bin/sh
# Deletes the kind clusters named on the command line, or lists the clusters there are when none is named.
set -eu

if [ "$#" -eq 0 ]; then
	echo "usage: $0 CLUSTER..." >&2
	kind get clusters >&2
	exit 2
fi

for cluster in "$@"; do
	kind delete cluster --name "$cluster"
done
