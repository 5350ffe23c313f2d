/**
 * `kubectl create service` and `ingress`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_{service,ingress}.go @ v0.24.0.
 */
import { nameErrors } from '../../../../sim/api/index.ts';
import type { Command, Flag } from '../../../cobra/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { kindCommand, type Made, metaOf } from './made.ts';

const TCP: Flag = {
	name: 'tcp',
	type: 'strings',
	usage: "Port pairs can be specified as '<port>:<targetPort>'.",
};

/** Why a text is no port name. */
function portNameErrors(name: string): readonly string[] {
	const errors: string[] = [];
	if (name.length > 15) errors.push('must be no more than 15 characters');
	if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
	if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
	if (name.includes('--')) errors.push('must not contain consecutive hyphens');
	if (/^-|-$/.test(name)) errors.push('must not begin or end with a hyphen');
	return errors;
}

/** `80`, `80:8080`, `80:http`. */
export function parsePorts(text: string): { readonly port: number; readonly targetPort: number | string } {
	const [first = '', second] = text.split(':');
	if (!/^[+-]?\d+$/.test(first)) return fail(`strconv.ParseUint: parsing ${JSON.stringify(first)}: invalid syntax`);
	const port = Number(first);
	if (port > 65535 || port < 0)
		return fail(
			`strconv.ParseUint: parsing ${JSON.stringify(first)}: ${port < 0 ? 'invalid syntax' : 'value out of range'}`,
		);
	if (second === undefined) return { port, targetPort: port };
	if (!/^[+-]?\d+$/.test(second)) {
		const errors = portNameErrors(second);
		return errors.length > 0 ? fail(errors.join(',')) : { port, targetPort: second };
	}
	const target = Number(second);
	if (target < 1 || target > 65535) return fail('must be between 1 and 65535, inclusive');
	return { port, targetPort: target };
}

function serviceOf(kube: Kube, name: string, type: string): Made {
	const { flags } = kube.run;
	const clusterIP = flags.text('clusterip');
	const externalName = flags.text('external-name');
	const tcp = flags.list('tcp');
	if (clusterIP === 'None' && type !== 'ClusterIP') fail('ClusterIP=None can only be used with ClusterIP service type');
	if (clusterIP !== 'None' && tcp.length === 0 && type !== 'ExternalName')
		fail('at least one tcp port specifier must be provided');
	if (type === 'ExternalName' && (externalName === '' || nameErrors(externalName, 'subdomain').length > 0))
		fail(`invalid service external name ${externalName}`);
	const nodePort = flags.number('node-port') || 0;
	const ports = tcp.map((text) => {
		const { port, targetPort } = parsePorts(text);
		return { name: text.replaceAll(':', '-'), protocol: 'TCP', port, targetPort, ...(nodePort ? { nodePort } : {}) };
	});
	const labels = { app: name };
	return {
		kind: 'Service',
		apiVersion: 'v1',
		metadata: metaOf(kube, name, { labels }),
		spec: {
			...(ports.length > 0 ? { ports } : {}),
			selector: labels,
			...(clusterIP ? { clusterIP } : {}),
			type,
			...(externalName ? { externalName } : {}),
		},
		status: { loadBalancer: {} },
	};
}

const serviceKind = (name: string, type: string, flags: readonly Flag[], required: readonly string[] = []): Command =>
	kindCommand({
		name,
		use: `NAME [--tcp=port:targetPort] [--dry-run=server|client|none]`,
		short: `Create ${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type} service`,
		flags: [TCP, ...flags],
		required,
		failed: `failed to create ${type} service: `,
		make: (kube, service) => serviceOf(kube, service, type),
	});

export const service: Command = {
	name: 'service',
	aliases: ['svc'],
	use: '',
	short: 'Create a service using a specified subcommand',
	commands: [
		serviceKind('clusterip', 'ClusterIP', [
			{
				name: 'clusterip',
				type: 'string',
				usage: "Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing).",
			},
		]),
		serviceKind(
			'externalname',
			'ExternalName',
			[{ name: 'external-name', type: 'string', usage: 'External name of service' }],
			['external-name'],
		),
		serviceKind('loadbalancer', 'LoadBalancer', []),
		serviceKind('nodeport', 'NodePort', [
			{
				name: 'node-port',
				type: 'int',
				default: '0',
				usage: 'Port used to expose the service on each node in a cluster.',
			},
		]),
	],
};

const RULE = /^([\w*.-]*)(\/.*)=([\w-]+):([\w-]+)(,(tls)=?([\w-]+)?)?/;

function backend(text: string): Made {
	const [name = '', port = ''] = text.split(':');
	return { service: { name, port: /^[+-]?\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

function rulesOf(rules: readonly string[]): readonly Made[] {
	const out: { readonly host: string; readonly paths: Made[] }[] = [];
	for (const rule of rules) {
		const plain = rule.split(',')[0]!;
		const slash = plain.indexOf('/');
		const host = plain.slice(0, slash);
		const [path = '', target = ''] = plain.slice(slash + 1).split('=');
		const prefix = `/${path}`.endsWith('*');
		const made: Made = {
			path: prefix ? `/${path}`.slice(0, -1) : `/${path}`,
			pathType: prefix ? 'Prefix' : 'Exact',
			backend: backend(target),
		};
		const known = out.find((item) => item.host === host);
		if (known) known.paths.push(made);
		else out.push({ host, paths: [made] });
	}
	return out.map(({ host, paths }) => ({ ...(host ? { host } : {}), http: { paths } }));
}

function tlsOf(rules: readonly string[]): readonly Made[] {
	const out: { readonly hosts: string[]; readonly secretName: string }[] = [];
	const seen = new Set<string>();
	for (const rule of rules) {
		const parts = rule.split(',');
		if (parts.length !== 2) continue;
		const host = rule.split('/', 1)[0]!;
		const secretName = parts[1]!.split('=')[1] ?? '';
		if (seen.has(host)) continue;
		seen.add(host);
		const known = out.find((item) => item.secretName === secretName);
		if (known) known.hosts.push(host);
		else if (host || secretName) out.push({ hosts: host ? [host] : [], secretName });
	}
	return out.map(({ hosts, secretName }) => ({
		...(hosts.length > 0 ? { hosts } : {}),
		...(secretName ? { secretName } : {}),
	}));
}

export const ingress: Command = kindCommand({
	name: 'ingress',
	aliases: ['ing'],
	use: 'NAME --rule=host/path=service:port[,tls[=secret]]',
	short: 'Create an ingress with the specified name',
	flags: [
		{
			name: 'annotation',
			type: 'array',
			usage: 'Annotation to insert in the ingress object, in the format annotation=value',
		},
		{ name: 'class', type: 'string', usage: 'Ingress Class to be used' },
		{
			name: 'default-backend',
			type: 'string',
			usage: 'Default service for backend, in format of svcname:port',
		},
		{
			name: 'rule',
			type: 'array',
			usage:
				"Rule in format host/path=service:port[,tls=secretname]. Paths containing the leading character '*' are considered pathType=Prefix. tls argument is optional.",
		},
	],
	failed: 'failed to create ingress: ',
	make(kube, name) {
		const { flags } = kube.run;
		const rules = flags.list('rule');
		const fallback = flags.text('default-backend');
		if (!fallback && rules.length === 0)
			fail(
				'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
			);
		for (const rule of rules)
			if (!RULE.test(rule))
				fail(`rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
		const annotations: Record<string, string> = {};
		for (const text of flags.list('annotation')) {
			const equals = text.indexOf('=');
			if (equals < 0) fail(`annotation ${text} is invalid and should be in format key=[value]`);
			annotations[text.slice(0, equals)] = text.slice(equals + 1);
		}
		if (fallback && fallback.split(':').length !== 2)
			fail('default-backend should be in format servicename:serviceport');
		const tls = tlsOf(rules);
		const className = flags.text('class');
		return {
			kind: 'Ingress',
			apiVersion: 'networking.k8s.io/v1',
			metadata: metaOf(kube, name, Object.keys(annotations).length > 0 ? { annotations } : {}),
			spec: {
				...(className ? { ingressClassName: className } : {}),
				...(fallback ? { defaultBackend: backend(fallback) } : {}),
				...(tls.length > 0 ? { tls } : {}),
				...(rules.length > 0 ? { rules: rulesOf(rules) } : {}),
			},
			status: { loadBalancer: {} },
		};
	},
});
