/** Names as a reader says them. */

/** `1.24.0` is `1.24` to a reader. */
export function minor(version: string): string {
	return version.split('.').slice(0, 2).join('.');
}

/** `basic-worker2` of the cluster `basic` is `worker2` to a reader. */
export function shortNode(node: string, cluster: string): string {
	return node.startsWith(`${cluster}-`) ? node.slice(cluster.length + 1) : node;
}
