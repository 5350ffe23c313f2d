/** `cilium identity`. Source: cilium/cmd/identity_*.go @ v1.12.1, v1.18.3. */
import { hex, sha512With256 } from '../../../sim/trace/index.ts';
import { utf8 } from '../../../sim/wire/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { type Agent, asking, endpointsOf } from './context.ts';
import {
	endpointLabels,
	identityLabels,
	localIdentities,
	printable,
	reservedId,
	reservedIdentities,
	securityLabels,
} from './labels.ts';
import { OUTPUT, structured } from './output.ts';

/** models.Identity (pkg/identity/model/identity.go, pkg/labels/labels.go SortedList() @ v1.12.1). */
export function identityModel(id: number, labels: readonly string[]): object {
	const parts = labels.map((label) => /^([^:]*):([^=]*)=?(.*)$/s.exec(label)?.slice(1) ?? ['', label, '']);
	const sorted = [...parts].sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1));
	return {
		id,
		labels,
		labelsSHA256: hex(sha512With256(utf8(sorted.map(([source, key, value]) => `${source}:${key}=${value};`).join('')))),
	};
}

interface Identity {
	readonly id: number;
	readonly labels: readonly string[];
}

/** All the agent knows, by number. */
function identitiesOf(agent: Agent): readonly Identity[] {
	const { api } = agent.cluster;
	const resource = api.find('ciliumidentities');
	const objects = resource ? api.list(resource) : [];
	return [
		...reservedIdentities(agent.minor).map(([id]) => ({ id, labels: identityLabels(agent, id)! })),
		...objects.map((object) => ({ id: Number(object.metadata.name), labels: securityLabels(object) })),
		...[...localIdentities(agent)].map(([id, labels]) => ({ id, labels })),
	].sort((a, b) => a.id - b.id);
}

function printIdentities(run: Run, identities: readonly Identity[]): number | string {
	const printed = structured(run, () => identities.map(({ id, labels }) => identityModel(id, labels)));
	if (printed !== undefined) return printed;
	const rows = identities.flatMap(({ id, labels }) =>
		printable(labels).map((label, i) => `${i === 0 ? id : ''}\t${label}\n`),
	);
	run.call.out(tabulate(`ID\tLABELS\n${rows.join('')}`, { minWidth: 2, tabWidth: 0, padding: 3 }));
	return 0;
}

const withLabels = (all: readonly Identity[], labels: readonly string[]): readonly Identity[] =>
	all.filter(({ labels: own }) => labels.every((label) => own.includes(label) || own.includes(`k8s:${label}`)));

export const identityCommand: Command = {
	name: 'identity',
	short: 'Manage security identities',
	commands: [
		{
			name: 'get',
			short: 'Retrieve information about an identity',
			flags: [{ name: 'label', type: 'strings', usage: 'Label to lookup' }, OUTPUT],
			run: asking('', 'identity', (run, agent) => {
				const labels = run.flags.list('label');
				if (labels.length > 0) {
					const found = withLabels(identitiesOf(agent), labels);
					return found.length > 0
						? printIdentities(run, found)
						: `Cannot get identity for labels [${labels.join(' ')}]: [GET /identity][404] getIdentityNotFound \n`;
				}
				const [text = ''] = run.args;
				if (text === '') return 'Invalid identity ID';
				const id = reservedId(text) ?? (/^\d+$/.test(text) ? Number(text) : undefined);
				if (id === undefined)
					return `Cannot get identity for given ID ${text}: [GET /identity/{id}][400] getIdentityIdBadRequest \n`;
				const known = identityLabels(agent, id);
				return known
					? printIdentities(run, [{ id, labels: known }])
					: `Cannot get identity for given ID ${text}: [GET /identity/{id}][404] getIdentityIdNotFound \n`;
			}),
		},
		{
			name: 'list',
			aliases: ['ls'],
			use: '[LABELS]',
			short: 'List identities',
			flags: [{ name: 'endpoints', type: 'bool', usage: 'list identities of locally managed endpoints' }, OUTPUT],
			run: asking('Cannot get identities. err: ', 'identity', (run, agent) => {
				if (!run.flags.on('endpoints')) {
					const found = withLabels(identitiesOf(agent), run.args);
					return found.length > 0 || run.args.length === 0
						? printIdentities(run, found)
						: `Cannot get identities for given labels [${run.args.join(' ')}]. err: [GET /identity][404] getIdentityNotFound \n`;
				}
				const counts = new Map<number, { labels: readonly string[]; count: number }>();
				for (const e of endpointsOf(agent)) {
					const entry = counts.get(e.identity) ?? { labels: endpointLabels(agent, e), count: 0 };
					counts.set(e.identity, entry);
					entry.count++;
				}
				const all = [...counts].sort(([a], [b]) => a - b);
				const printed = structured(run, () =>
					all.map(([id, { labels, count }]) => ({ identity: identityModel(id, labels), refCount: count })),
				);
				if (printed !== undefined) return printed;
				const rows = all.flatMap(([id, { labels, count }]) =>
					labels.map((label, i) => (i === 0 ? `${id}\t${label}\t${count}\t\n` : `\t${label}\t\n`)),
				);
				run.call.out(tabulate(`ID\tLABELS\tREFCOUNT\n${rows.join('')}`, CILIUM_AGENT));
				return 0;
			}),
		},
	],
};
