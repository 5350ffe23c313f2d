/**
 * What admission adds to pods: the service account's token, tolerations for nodes that are not ready, a priority.
 *
 * Source: kubernetes plugin/pkg/admission/{serviceaccount,defaulttolerationseconds,priority} @ v1.24.0.
 */
import { limitChecks } from '../for-people.ts';
import { type Draft, fill, number, sub, subs, text, within } from '../json.ts';
import type { Context } from '../strategy.ts';

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

const tokenVolume = (name: string): Draft => ({
	name,
	projected: {
		defaultMode: 420,
		sources: [
			{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
			{ configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
			{
				downwardAPI: {
					items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
				},
			},
		],
	},
});

const mountsToken = (spec: Draft, account: unknown): boolean => {
	if (typeof spec.automountServiceAccountToken === 'boolean') return spec.automountServiceAccountToken;
	return sub(account).automountServiceAccountToken !== false;
};

const admitAccount = (pod: Draft, spec: Draft, context: Context): void => {
	// Pods of the kubelet's own files have no account.
	if (sub(pod, 'metadata', 'annotations')['kubernetes.io/config.mirror'] !== undefined) return;
	fill(spec, 'serviceAccountName', 'default');
	spec.serviceAccount = spec.serviceAccountName;
	const namespace = text(pod, 'metadata', 'namespace');
	const account = context.get('serviceaccounts', namespace, String(spec.serviceAccountName));
	const secrets = subs(account, 'imagePullSecrets');
	if (secrets.length > 0) fill(spec, 'imagePullSecrets', secrets);
	if (!mountsToken(spec, account)) return;
	const containers = [...subs(spec, 'initContainers'), ...subs(spec, 'containers')];
	const lacking = containers.filter((c) => !subs(c, 'volumeMounts').some((mount) => mount.mountPath === TOKEN_PATH));
	if (lacking.length === 0) return;
	const key = String(sub(pod, 'metadata').uid ?? '');
	let volume = subs(spec, 'volumes').find((item) => text(item, 'name')?.startsWith('kube-api-access-'));
	if (volume === undefined) {
		let name = 'kube-api-access-';
		for (let i = 0; i < 5; i++) name += SUFFIX[context.random('name', `kube-api-access/${key}#${i}`, SUFFIX.length)];
		volume = tokenVolume(name);
		spec.volumes = [...subs(spec, 'volumes'), volume];
	}
	for (const container of lacking)
		container.volumeMounts = [
			...subs(container, 'volumeMounts'),
			{ mountPath: TOKEN_PATH, name: volume.name, readOnly: true },
		];
};

const admitTolerations = (spec: Draft): void => {
	const tolerations = subs(spec, 'tolerations');
	const tolerated = (key: string): boolean =>
		tolerations.some((item) => (item.key === key || !item.key) && (item.effect === 'NoExecute' || !item.effect));
	const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
		.filter((key) => !tolerated(key))
		.map((key) => ({ effect: 'NoExecute', key, operator: 'Exists', tolerationSeconds: 300 }));
	if (added.length > 0) spec.tolerations = [...tolerations, ...added];
};

const SYSTEM: Readonly<Record<string, number>> = {
	'system-cluster-critical': 2000000000,
	'system-node-critical': 2000001000,
};

const admitPriority = (spec: Draft, context: Context): void => {
	const name = text(spec, 'priorityClassName') ?? '';
	const found = name === '' ? undefined : context.get('priorityclasses', undefined, name);
	spec.priority = SYSTEM[name] ?? number(found, 'value') ?? 0;
	fill(spec, 'preemptionPolicy', text(found, 'preemptionPolicy') ?? 'PreemptLowerPriority');
};

/** All of it, for a pod about to be created. Writes into it. */
export const admitPod = (pod: Draft, context: Context): void => {
	const spec = pod.spec as Draft;
	admitAccount(pod, spec, context);
	admitTolerations(spec);
	limitChecks()?.useRuntimeClass(spec, context);
	limitChecks()?.usePriorityDefault(spec, context);
	admitPriority(spec, context);
};

/**
 * What admission does again for a pod that changes: DefaultTolerationSeconds adds what is lacking, Priority keeps what
 * it wrote (plugin/pkg/admission/{defaulttolerationseconds,priority}/admission.go @ v1.24.0). Writes into it.
 */
export const admitPodUpdate = (pod: Draft, old: Draft): void => {
	const spec = within(pod, 'spec');
	admitTolerations(spec);
	const before = sub(old, 'spec');
	for (const key of ['priority', 'preemptionPolicy']) if (before[key] !== undefined) fill(spec, key, before[key]);
};
