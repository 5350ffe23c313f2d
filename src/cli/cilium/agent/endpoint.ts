/** `cilium endpoint`: the endpoints of the agent's node. Source: cilium/cmd/endpoint_*.go @ v1.12.1, v1.18.3. */
import { formatTime } from '../../../sim/api/index.ts';
import { formatIp, formatMac } from '../../../sim/wire/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import { agentTable, tabulate } from '../../text/index.ts';
import { policyRows } from './bpf/index.ts';
import { type Agent, agentIn, asking, type EndpointView, endpointIds, endpointsOf } from './context.ts';
import { goJson, NIL } from './go-output.ts';
import { identityModel } from './identity.ts';
import { endpointLabels, reservedId } from './labels.ts';
import { audits, changeEndpoint, described, endpointOptions, optionLines } from './options.ts';
import { OUTPUT, structured } from './output.ts';

/** Whether what no entry of the endpoint's policy map allows is denied. Nothing selects the host's. */
export function enforcement(
	agent: Agent,
	e: EndpointView,
): { readonly ingress: boolean; readonly egress: boolean; readonly audit: boolean } {
	const ns = agent.ns();
	const info = e.ip === undefined ? undefined : agent.maps.lxc.peek(ns, e.ip);
	const map = info && !info.host ? agent.maps.policy(info.lxcId) : undefined;
	const side = (egress: boolean): boolean => {
		if (!map?.exists(ns)) return false;
		const all = map.peek(ns, { identity: 0, egress, proto: 0, dport: 0, prefix: 0 });
		return !all || all.derived === true;
	};
	return { ingress: side(false), egress: side(true), audit: audits(agent, e.id) };
}

const enforced = (on: boolean, audit: boolean): string => (!on ? 'Disabled' : audit ? 'Disabled (Audit)' : 'Enabled');

/** EndpointPolicyEnabled: policyStatus() of pkg/endpoint/endpoint.go. */
export const policyEnabled = ({ ingress, egress, audit }: ReturnType<typeof enforcement>): string =>
	ingress || egress ? `${audit ? 'audit-' : ''}${ingress && egress ? 'both' : ingress ? 'ingress' : 'egress'}` : 'none';

/** models.Endpoint, as far as the lab knows it. */
function model(agent: Agent, e: EndpointView): object {
	const { state, maps } = agent;
	const ns = agent.ns();
	const info = e.ip === undefined ? undefined : maps.lxc.peek(ns, e.ip);
	const device = info && ns.devices.get(info.ifindex);
	const labels = endpointLabels(agent, e);
	const pod =
		e.kind === 'pod'
			? { 'k8s-namespace': e.namespace, 'k8s-pod-name': e.pod, 'pod-name': `${e.namespace}/${e.pod}` }
			: {};
	const rows = policyRows(agent, e.id) ?? [];
	/** Those of entries without a port (GetPolicyModel(), pkg/endpoint/api.go). */
	const identitiesIn = (egress: boolean, deny: boolean): readonly number[] =>
		rows.filter((row) => row.egress === egress && row.deny === deny && row.key.dport === 0).map((row) => row.identity);
	const rule = {
		'allowed-egress-identities': identitiesIn(true, false),
		'allowed-ingress-identities': identitiesIn(false, false),
		build: agent.state.policyRevision,
		'denied-egress-identities': identitiesIn(true, true),
		'denied-ingress-identities': identitiesIn(false, true),
		id: e.identity,
		'policy-enabled': policyEnabled(enforcement(agent, e)),
		'policy-revision': agent.state.policyRevision,
	};
	const configured = { 'label-configuration': { user: NIL }, options: new Map(endpointOptions(agent, e.id)) };
	return {
		id: e.id,
		spec: configured,
		status: {
			'external-identifiers': pod,
			health: { bpf: 'OK', connected: true, overallHealth: 'OK', policy: 'OK' },
			identity: identityModel(e.identity, labels),
			labels: { derived: NIL, disabled: NIL, realized: { user: NIL }, 'security-relevant': labels },
			log: logOf(agent, e)
				.slice(0, 1)
				.map(([at, status, message]) => ({ code: 'OK', message, state: status, timestamp: formatTime(at) })),
			networking: {
				addressing: e.ip === undefined ? [{}] : [{ ipv4: formatIp(e.ip) }],
				'host-addressing': { ipv4: formatIp(state.routerIP) },
				...(device
					? {
							'host-mac': formatMac(info.nodeMac),
							'interface-index': device.ifindex,
							'interface-name': device.name,
							mac: formatMac(info.mac),
						}
					: {}),
			},
			policy: { 'proxy-statistics': [], realized: rule, spec: rule },
			realized: configured,
			state: e.state,
		},
	};
}

/** An endpoint by what somebody typed: a number, `pod-name:ns/name`, `ipv4:…`, a reserved label. */
function find(agent: Agent, text: string): EndpointView | string {
	const all = endpointsOf(agent);
	const reserved = reservedId(text);
	const kind = reserved === 1 ? 'host' : reserved === 4 ? 'health' : undefined;
	const [prefix, id = ''] = text.includes(':')
		? [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]
		: ['', ''];
	if (reserved === undefined && prefix === '' && !/^-?\d+$/.test(text))
		return `Cannot parse endpoint id "${text}": unable to parse endpoint id "${text}": strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
	const found = all.find((e) => {
		if (kind) return e.kind === kind;
		if (prefix === 'pod-name' || prefix === 'cep-name')
			return `${e.namespace}/${e.pod}` === id || `${e.namespace}:${e.pod}` === id;
		if (prefix === 'ipv4') return e.ip !== undefined && formatIp(e.ip) === id;
		return String(e.id) === (prefix === 'cilium-local' ? id : text);
	});
	return found ?? `Cannot get endpoint ${text}: [GET /endpoint/{id}][404] getEndpointIdNotFound \n`;
}

const withEndpoint = (what: string, body: (run: Run, agent: Agent, endpoint: EndpointView) => number | string) =>
	asking('', 'config', (run, agent) => {
		const [text] = run.args;
		if (text === undefined) return 'Missing endpoint id argument';
		const found = find(agent, text);
		if (typeof found !== 'string') return body(run, agent, found);
		return found.replace('Cannot get endpoint ', what);
	});

const list: Command = {
	name: 'list',
	aliases: ['ls'],
	short: 'List all endpoints',
	flags: [{ name: 'no-headers', type: 'bool', usage: 'Do not print headers' }, OUTPUT],
	run: asking('cannot get endpoint list: ', 'endpoint', (run, agent) => {
		const all = endpointsOf(agent);
		const printed = structured(run, () => all.map((e) => model(agent, e)));
		if (printed !== undefined) return printed;
		const head = [
			[
				'ENDPOINT',
				'POLICY (ingress)',
				'POLICY (egress)',
				'IDENTITY',
				'LABELS (source:key[=value])',
				'IPv6',
				'IPv4',
				'STATUS',
			],
			['', 'ENFORCEMENT', 'ENFORCEMENT', '', '', '', '', ''],
		];
		const rows = all.flatMap((e) => {
			const labels = endpointLabels(agent, e);
			const policy = enforcement(agent, e);
			// Until it has been told one, an endpoint has no identity (cilium/cmd/endpoint_list.go @ v1.12.1).
			const none = labels.length === 0 && e.kind === 'pod';
			const [first = 'no labels', ...more] = labels;
			return [
				[
					String(e.id),
					enforced(policy.ingress, policy.audit),
					enforced(policy.egress, policy.audit),
					none ? '<no label id>' : String(e.identity),
					first,
					'',
					e.ip === undefined ? '' : formatIp(e.ip),
					e.state,
				],
				...more.map((label) => ['', '', '', '', label, '', '', '']),
			];
		});
		run.call.out(agentTable([...(run.flags.on('no-headers') ? [] : head), ...rows]));
		return 0;
	}),
};

const get: Command = {
	name: 'get',
	aliases: ['inspect', 'show'],
	use: '( <endpoint identifier> | -l <endpoint labels> ) ',
	short: 'Display endpoint information',
	example: 'cilium endpoint get 4598, cilium endpoint get pod-name:default:foobar, cilium endpoint get -l id.baz',
	flags: [{ name: 'labels', short: 'l', type: 'strings', usage: 'list of labels' }, OUTPUT],
	complete: endpointIds,
	run: asking('', 'endpoint', (run, agent) => {
		const labels = run.flags.list('labels');
		if (labels.length > 0 && run.args.length > 0)
			return 'Cannot provide both endpoint ID and labels arguments concurrently';
		let found: readonly EndpointView[];
		if (labels.length > 0) {
			found = endpointsOf(agent).filter((e) => {
				const own = endpointLabels(agent, e);
				return labels.every((label) => own.includes(label) || own.includes(`k8s:${label}`));
			});
			if (found.length === 0)
				return `Cannot get endpoints for given list of labels [${labels.join(' ')}]: [GET /endpoint][404] getEndpointNotFound \n`;
		} else {
			const [text] = run.args;
			if (text === undefined) return 'Missing endpoint id argument';
			const one = find(agent, text);
			if (typeof one === 'string') return one;
			found = [one];
		}
		const models = (): object => found.map((e) => model(agent, e));
		const printed = structured(run, models);
		if (printed !== undefined) return printed;
		run.call.out(`${goJson(models())}\n\n`);
		return 0;
	}),
};

/** Newest first. The host's and the health endpoint came when the agent started. */
function logOf(
	{ lab, state }: Agent,
	e: EndpointView,
): readonly (readonly [at: number, state: string, message: string])[] {
	const started = [
		['waiting-for-identity', 'Endpoint creation'],
		['ready', 'Set identity for this endpoint'],
	].map(([status = '', message = '']) => ({ at: state.startedAt, state: status, message }));
	return [...(e.kind === 'pod' ? e.log : started)]
		.reverse()
		.map((line) => [lab.epoch + Math.floor(line.at / 1e6), line.state, line.message] as const);
}

const two = { minWidth: 2, tabWidth: 0, padding: 3 };

const health: Command = {
	name: 'health',
	use: '<endpoint id>',
	short: 'View endpoint health',
	example: 'cilium endpoint health 5421',
	flags: [OUTPUT],
	complete: endpointIds,
	run: withEndpoint('Cannot get endpoint healthz ', (run) => {
		const printed = structured(run, () => ({ bpf: 'OK', connected: true, overallHealth: 'OK', policy: 'OK' }));
		if (printed !== undefined) return printed;
		run.call.out(tabulate('Overall Health:\tOK\nBPF Health:\tOK\nPolicy Health:\tOK\nConnected:\tyes\n', two));
		return 0;
	}),
};

const log: Command = {
	name: 'log',
	use: '<endpoint id>',
	short: 'View endpoint status log',
	example: 'cilium endpoint log 5421',
	flags: [OUTPUT],
	complete: endpointIds,
	run: withEndpoint('Cannot get endpoint log ', (run, agent, e) => {
		const entries = logOf(agent, e);
		const printed = structured(run, () =>
			entries.map(([at, status, message]) => ({ code: 'OK', message, state: status, timestamp: formatTime(at) })),
		);
		if (printed !== undefined) return printed;
		run.call.out(
			tabulate(
				[
					'Timestamp\tStatus\tState\tMessage\n',
					...entries.map(([at, status, message]) => `${formatTime(at)}\tOK\t${status}\t${message}\n`),
				].join(''),
				two,
			),
		);
		return 0;
	}),
};

const configure = withEndpoint('Cannot get configuration of endpoint ', (run, agent, e) => {
	if (run.args.length > 1) return changeEndpoint(run, agent, e.id);
	const options = endpointOptions(agent, e.id);
	const printed = structured(run, () => ({ realized: { options: Object.fromEntries(options) } }));
	if (printed !== undefined) return printed;
	run.call.out(optionLines(options));
	return 0;
});

const config: Command = {
	name: 'config',
	use: '<endpoint id> [<option>=(enable|disable) ...]',
	short: 'View & modify endpoint configuration',
	example: 'endpoint config 5421 DropNotification=false TraceNotification=false PolicyVerdictNotification=true',
	flags: [{ name: 'list-options', type: 'bool', usage: 'List available options' }, OUTPUT],
	complete: endpointIds,
	run: async (run) => {
		// The client knows them by itself; which there are, the agent's version says.
		const agent = run.flags.on('list-options') ? agentIn(run.call.place, run.call.lab) : undefined;
		if (!agent) return configure(run);
		run.call.out(described(endpointOptions(agent, 0)));
		return 0;
	},
};

/** Labels that make the endpoint's identity; those of pods are Kubernetes', and change with them. */
const labels: Command = {
	name: 'labels',
	short: 'Manage label configuration of endpoint',
	flags: [
		{ name: 'add', short: 'a', type: 'strings', usage: 'Add/enable labels' },
		{ name: 'delete', short: 'd', type: 'strings', usage: 'Delete/disable labels' },
	],
	complete: endpointIds,
	run: withEndpoint('Cannot get endpoint labels: ', (run, agent, e) => {
		if (run.flags.list('add').length > 0 || run.flags.list('delete').length > 0)
			return 'the simulator takes labels of endpoints from pods alone';
		run.call.out(
			tabulate(
				endpointLabels(agent, e)
					.map((label) => `${label}\tEnabled\n`)
					.join(''),
				two,
			),
		);
		return 0;
	}),
};

const disconnect: Command = {
	name: 'disconnect',
	use: '<endpoint-id>',
	short: 'Disconnect an endpoint from the network',
	complete: endpointIds,
	run: withEndpoint('Cannot disconnect endpoint ', () => 'the simulator disconnects endpoints with their pods alone'),
};

/** The program is compiled again, out of what the agent knows: it is the same. */
const regenerate: Command = {
	name: 'regenerate',
	use: '<endpoint-id>',
	short: 'Force regeneration of endpoint program',
	complete: endpointIds,
	run: withEndpoint('Cannot regenerate endpoint ', (run, _agent, e) => {
		run.call.out(`Endpoint ${e.id} successfully regenerated\n`);
		return 0;
	}),
};

export const endpointCommand = (minor: number): Command => ({
	name: 'endpoint',
	aliases: ['ep'],
	short: 'Manage endpoints',
	commands: [config, disconnect, get, health, labels, list, log, ...(minor <= 14 ? [regenerate] : [])],
});
