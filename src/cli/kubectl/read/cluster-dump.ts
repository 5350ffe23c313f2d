/**
 * `kubectl cluster-info dump`: objects and logs that help to find out what is wrong.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Flag } from '../../cobra/index.ts';
import { printYaml } from '../../kube/index.ts';
import { fail, type Kube } from '../kube.ts';
import { OUTPUT_FLAGS, subs, text } from '../print/index.ts';
import { RUNNING_TIMEOUT } from '../write/exec.ts';

/** Flags of `-o` that a dump has; it prints whole lists, and no templates. */
const DUMP_PRINT = new Set(['allow-missing-template-keys', 'show-managed-fields', 'template']);

export const DUMP_FLAGS: readonly Flag[] = [
	{
		name: 'all-namespaces',
		short: 'A',
		type: 'bool',
		usage: 'If true, dump all namespaces.  If true, --namespaces is ignored.',
	},
	{ name: 'namespaces', type: 'strings', usage: 'A comma separated list of namespaces to dump.' },
	{
		name: 'output-directory',
		type: 'string',
		usage:
			"Where to output the files.  If empty or '-' uses stdout, otherwise creates a directory hierarchy in that directory",
	},
	{ name: 'output', short: 'o', type: 'string', default: 'json', usage: 'Output format. One of: json|yaml.' },
	...OUTPUT_FLAGS.filter(({ name }) => DUMP_PRINT.has(name)),
	RUNNING_TIMEOUT,
];

/** Kinds of a namespace, by the names of their files. */
const KINDS: readonly (readonly [plural: string, file: string])[] = [
	['events', 'events'],
	['replicationcontrollers', 'replication-controllers'],
	['services', 'services'],
	['daemonsets', 'daemonsets'],
	['deployments', 'deployments'],
	['replicasets', 'replicasets'],
	['pods', 'pods'],
];

export async function dump(kube: Kube): Promise<number> {
	const { call, flags } = kube.run;
	const { api } = kube;
	const format = flags.text('output');
	if (format !== 'json' && format !== 'yaml')
		return fail(
			`unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: json,yaml`,
		);
	const directory = flags.text('output-directory').replace(/\/$/, '');
	const toFiles = directory !== '' && directory !== '-';
	const put = async (file: string, content: string): Promise<void> => {
		if (toFiles) await call.files.write(`${directory}/${file}`, content);
		else call.out(content);
	};
	const list = (plural: string, namespace?: string): readonly ApiObject[] => {
		const resource = api.find(plural);
		return resource ? api.list(resource, namespace === undefined ? {} : { namespace }) : [];
	};
	const putList = async (plural: string, file: string, namespace?: string): Promise<void> => {
		const resource = api.find(plural);
		if (!resource) return;
		const items = list(plural, namespace).map(({ kind: _, apiVersion: __, ...item }) => item);
		const version = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
		const all = {
			kind: `${resource.kind}List`,
			apiVersion: version,
			metadata: { resourceVersion: String(api.revision) },
			items,
		};
		await put(
			`${file}.${format}`,
			format === 'json' ? `${JSON.stringify(all, undefined, 4)}\n` : `---\n${printYaml(all)}`,
		);
	};
	await putList('nodes', 'nodes');
	const named = flags.list('namespaces');
	const namespaces = flags.on('all-namespaces')
		? list('namespaces').map((namespace) => namespace.metadata.name)
		: named.length > 0
			? named
			: [...new Set(['kube-system', kube.namespace])];
	for (const namespace of namespaces) {
		for (const [plural, file] of KINDS) await putList(plural, `${namespace}/${file}`, namespace);
		for (const pod of list('pods', namespace)) {
			const { name } = pod.metadata;
			let logs = '';
			for (const list of ['initContainers', 'containers'])
				for (const container of subs(pod, 'spec', list)) {
					const of = `logs for container ${text(container, 'name')} of pod ${namespace}/${name}`;
					const lines = kube.cluster.logs(namespace, name, text(container, 'name'));
					logs += `==== START ${of} ====\n${lines.map((line) => `${line.text}\n`).join('')}==== END ${of} ====\n`;
				}
			await put(`${namespace}/${name}/logs.txt`, logs);
		}
	}
	if (toFiles) call.out(`Cluster info dumped to ${directory}\n`);
	return 0;
}
