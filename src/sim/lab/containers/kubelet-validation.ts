/**
 * What the kubelet's validation says of numbers and choices of its configuration (kubernetes
 * pkg/kubelet/apis/config/validation/validation.go ValidateKubeletConfiguration() @ v1.24.0 and later), by field: flag, and
 * what has to hold.
 */
import { isRecord } from '../../api/index.ts';

type Rule = readonly [name: string, flag: string, fits: (n: number) => boolean, words: string];

const positive = (n: number): boolean => n >= 0;
const within =
	(low: number, high: number) =>
	(n: number): boolean =>
		n >= low && n <= high;
const NEGATIVE = 'must not be a negative number';

/** In the order they are looked at. */
const NUMBERS: readonly Rule[] = [
	['eventBurst', 'event-burst', positive, NEGATIVE],
	['eventRecordQPS', 'event-qps', positive, NEGATIVE],
	['healthzPort', 'healthz-port', within(0, 65535), 'must be between 1 and 65535, inclusive'],
	['imageGCHighThresholdPercent', 'image-gc-high-threshold', within(0, 100), 'must be between 0 and 100, inclusive'],
	['imageGCLowThresholdPercent', 'image-gc-low-threshold', within(0, 100), 'must be between 0 and 100, inclusive'],
	['iptablesMasqueradeBit', 'iptables-masquerade-bit', within(0, 31), 'must be between 0 and 31, inclusive'],
	['kubeAPIBurst', 'kube-api-burst', positive, NEGATIVE],
	['kubeAPIQPS', 'kube-api-qps', positive, NEGATIVE],
	['nodeStatusMaxImages', 'node-status-max-images', within(-1, Number.POSITIVE_INFINITY), 'must be -1 or greater'],
	['maxOpenFiles', 'max-open-files', positive, NEGATIVE],
	['maxPods', 'max-pods', positive, NEGATIVE],
	['oomScoreAdj', 'oom-score-adj', within(-1000, 1000), 'must be between -1000 and 1000, inclusive'],
	['podsPerCore', 'pods-per-core', positive, NEGATIVE],
	// Zero is the default of a field that is not there.
	['port', 'port', within(0, 65535), 'must be between 1 and 65535, inclusive'],
	['readOnlyPort', 'read-only-port', within(0, 65535), 'must be between 0 and 65535, inclusive'],
	['registryBurst', 'registry-burst', positive, NEGATIVE],
	['registryPullQPS', 'registry-qps', positive, NEGATIVE],
];

const quote = (word: unknown): string => JSON.stringify(String(word));
const POLICIES = ['none', 'best-effort', 'restricted', 'single-numa-node'];
const HAIRPINS = ['none', 'hairpin-veth', 'promiscuous-bridge'];

/** What a kubelet ends with that was told this; undefined when it takes it. */
export function kubeletRefusal(value: unknown): string | undefined {
	if (!isRecord(value)) return undefined;
	const wrong = NUMBERS.flatMap(([name, flag, fits, words]) => {
		const n = value[name];
		return typeof n === 'number' && !fits(n) ? [`${name} (--${flag}) ${n} ${words}`] : [];
	});
	const { topologyManagerPolicy: policy, topologyManagerScope: scope, hairpinMode: hairpin } = value;
	if (policy && !POLICIES.includes(String(policy)))
		wrong.push(
			`topologyManagerPolicy (--topology-manager-policy) ${quote(policy)} must be one of: [${POLICIES.map(quote).join(' ')}]`,
		);
	if (scope && scope !== 'container' && scope !== 'pod')
		wrong.push(`topologyManagerScope (--topology-manager-scope) ${quote(scope)} must be one of: "container", or "pod"`);
	if (hairpin && !HAIRPINS.includes(String(hairpin)))
		wrong.push(
			`option ${quote(hairpin)} specified for hairpinMode (--hairpin-mode). Valid options are ${HAIRPINS.slice(0, 2).map(quote).join(', ')} or ${quote(HAIRPINS[2])}`,
		);
	if (wrong.length === 0) return undefined;
	const all = wrong.map((words) => `invalid configuration: ${words}`);
	// The value is printed as Go prints a struct with a String() of an embedded one.
	return `failed to validate kubelet configuration, error: ${all.length === 1 ? all[0] : `[${all.join(', ')}]`}, path: &TypeMeta{Kind:,APIVersion:,}`;
}
