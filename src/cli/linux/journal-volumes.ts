/** What a kubelet's log has of volumes. */
import type { JournalEntry } from '../../sim/lab/index.ts';
import type { Said } from './journal-kubelet.ts';

/** What a plugin says of its volumes, and how the plugin is called (pkg/volume/<plugin>'s names). */
const PLUGINS: readonly (readonly [RegExp, string])[] = [
	[/^hostPath type check failed/, 'host-path'],
	[/^path "[^"]*" does not exist/, 'local-volume'],
	[/^secret |^references non-existent secret key/, 'secret'],
	[/^configmap /, 'configmap'],
];

/**
 * Of a volume that cannot be mounted, and of the wait for it (pkg/kubelet/kubelet.go syncPod(),
 * pkg/util/goroutinemap/nestedpendingoperations @ v1.24.0; the line of kubelet.go is from memory). Nothing is said of a
 * volume whose plugin is not known by its words.
 */
export function unmounted(entry: JournalEntry, syncing: (err: string) => Said): readonly Said[] {
	const { message, name, namespace, uid } = entry;
	const [, waited] = /^Unable to attach or mount volumes: (.*)$/s.exec(message) ?? [];
	if (waited !== undefined)
		return [
			{
				level: 'E',
				where: 'kubelet.go:1842',
				text: `"Unable to attach or mount volumes for pod; skipping pod" err=${JSON.stringify(waited)} pod=${JSON.stringify(`${namespace}/${name}`)}`,
			},
			syncing(waited),
		];
	const [, step = '', volume = '', why = ''] = /^(.* failed for volume) "([^"]*)" : (.*)$/s.exec(message) ?? [];
	const plugin = PLUGINS.find(([words]) => words.test(why))?.[1];
	if (plugin === undefined) return [];
	const [, kind, object] = /^(configmap|secret) "([^"]*)" not found$/.exec(why) ?? [];
	const unique = `kubernetes.io/${plugin}/${plugin === 'local-volume' ? '' : `${uid}-`}${volume}`;
	return [
		...(kind === undefined
			? []
			: [
					{
						level: 'E',
						where: kind === 'secret' ? 'secret.go:192' : 'configmap.go:193',
						text: `Couldn't get ${kind === 'secret' ? 'secret' : 'configMap'} ${namespace}/${object}: ${why}`,
					} as const,
				]),
		{
			level: 'E',
			where: 'nestedpendingoperations.go:335',
			text: `Operation for "{volumeName:${unique} podName:${uid} nodeName:}" failed. Error: ${step} "${volume}" (UniqueName: "${unique}") pod "${name}" (UID: "${uid}") : ${why}`,
		},
	];
}
