/** `maxSurge` and `maxUnavailable` (k8s.io/apimachinery pkg/util/intstr @ v0.24.0). */

/** A number, or a share of `total` rounded up or down. */
export function intOrPercent(
	value: number | string | undefined,
	total: number,
	roundUp: boolean,
	otherwise: number,
): number {
	if (typeof value === 'number') return value;
	const share = /^(\d+)%$/.exec(value ?? '')?.[1];
	if (share === undefined) return otherwise;
	const exact = (Number(share) * total) / 100;
	return roundUp ? Math.ceil(exact) : Math.floor(exact);
}
