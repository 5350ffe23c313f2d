/**
 * `kubeadm token`: bootstrap tokens are Secrets of kube-system.
 *
 * Source: kubernetes cmd/kubeadm/app/cmd/token.go, cmd/util/join.go, util/pubkeypin/pubkeypin.go,
 * staging/src/k8s.io/cluster-bootstrap/token/util/helpers.go @ v1.24.0.
 */
import { type ApiObject, publicKeyDer, readCertificate, readPem } from '../../sim/api/index.ts';
import { BOOTSTRAP_PREFIX, BOOTSTRAP_TYPE, type Cluster, fieldOf, tokenSecret } from '../../sim/lab/index.ts';
import { sha256 } from '../../sim/trace/index.ts';
import type { Call } from '../tool.ts';
import { restText } from './times.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const FORM = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;

export const fault = (call: Call, text: string): number => {
	call.err(`${text}\nTo see the stack trace of this error execute with --v=5 or higher\n`);
	return 1;
};

const secretsOf = ({ api }: Cluster): readonly ApiObject[] =>
	api.list(api.find('secrets')!, { namespace: 'kube-system' }).filter(({ type }) => type === BOOTSTRAP_TYPE);

function list(call: Call, cluster: Cluster): number {
	const now = call.lab.epoch + call.lab.now / 1e6;
	const rows = secretsOf(cluster).map((secret) => {
		const expires = fieldOf(secret, 'expiration');
		const usages = ['authentication', 'signing'].filter(
			(usage) => fieldOf(secret, `usage-bootstrap-${usage}`) === 'true',
		);
		const rest = Date.parse(expires) / 1000 - now;
		return [
			`${fieldOf(secret, 'token-id')}.${fieldOf(secret, 'token-secret')}`,
			expires === '' ? '<forever>' : rest < 0 ? '<invalid>' : restText(rest),
			expires === '' ? '<never>' : expires,
			usages.join(',') || '<none>',
			fieldOf(secret, 'description') || '<none>',
			fieldOf(secret, 'auth-extra-groups') || '<none>',
		];
	});
	if (rows.length === 0) return 0;
	const all = [['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'], ...rows];
	const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)) + 3);
	for (const row of all) call.out(`${row.map((cell, i) => (i === 5 ? cell : cell.padEnd(widths[i]!))).join('')}\n`);
	return 0;
}

function drawn(call: Call): string {
	const letters = (from: number, count: number): string =>
		Array.from(
			{ length: count },
			(_, i) => LETTERS[call.lab.random('kubeadm', `token ${call.lab.now} ${from + i}`, 36)],
		).join('');
	return `${letters(0, 6)}.${letters(6, 16)}`;
}

/** Of the authority's public key, as joiners are told it. */
async function pinOf(call: Call): Promise<string | undefined> {
	const block = readPem((await call.files.read('/etc/kubernetes/pki/ca.crt')) ?? '');
	const key = block && readCertificate(block.octets)?.key;
	if (!key) return undefined;
	return `sha256:${[...sha256(publicKeyDer(key))].map((octet) => octet.toString(16).padStart(2, '0')).join('')}`;
}

/** `24h0m0s`, `30m`, `0` for a token without an end; seconds, undefined for what is no duration. */
function seconds(text: string): number | undefined {
	if (text === '0') return 0;
	const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
	if (!parts || text === '') return undefined;
	return Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
}

async function create(
	call: Call,
	cluster: Cluster,
	words: readonly string[],
	options: ReadonlyMap<string, string>,
): Promise<number> {
	const token = words[0] ?? drawn(call);
	if (!FORM.test(token))
		return fault(
			call,
			`the bootstrap token ${JSON.stringify(token)} was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
		);
	const [id = ''] = token.split('.');
	const ttl = seconds(options.get('ttl') ?? '24h0m0s');
	if (ttl === undefined)
		return fault(
			call,
			`invalid argument ${JSON.stringify(options.get('ttl'))} for "--ttl" flag: time: invalid duration ${JSON.stringify(options.get('ttl'))}`,
		);
	const end = new Date(Math.floor(call.lab.epoch + call.lab.now / 1e6 + ttl) * 1000)
		.toISOString()
		.replace(/\.\d+Z$/, 'Z');
	const name = `${BOOTSTRAP_PREFIX}${id}`;
	const { api } = cluster;
	if (api.get(api.find('secrets')!, 'kube-system', name))
		return fault(call, `a token with id ${JSON.stringify(id)} already exists`);
	const made = api.create(
		tokenSecret(token, {
			end: ttl === 0 ? undefined : end,
			description: options.get('description'),
			usages: (options.get('usages') ?? 'signing,authentication').split(','),
			...(options.has('groups') ? { groups: options.get('groups')! } : {}),
		}),
	);
	if (made.error) return fault(call, made.error.message);
	if (!options.has('print-join-command')) {
		call.out(`${token}\n`);
		return 0;
	}
	const info = api.get(api.find('configmaps')!, 'kube-public', 'cluster-info');
	const [, server] =
		/server: https:\/\/(\S+)/.exec(((info?.data ?? {}) as Record<string, string>).kubeconfig ?? '') ?? [];
	const pin = await pinOf(call);
	if (server === undefined || pin === undefined)
		return fault(call, 'failed to get join command: the cluster-info or its CA is not there');
	call.out(`kubeadm join ${server} --token ${token} --discovery-token-ca-cert-hash ${pin} \n`);
	return 0;
}

function remove(call: Call, cluster: Cluster, words: readonly string[]): number {
	if (words.length === 0)
		return fault(call, `missing argument; 'token delete' is missing token of form "^([a-z0-9]{6})$"`);
	const { api } = cluster;
	for (const word of words) {
		const id = FORM.test(word) ? word.split('.')[0]! : word;
		if (!/^[a-z0-9]{6}$/.test(id))
			return fault(
				call,
				`given token or token id ${JSON.stringify(word)} didn't match pattern "^([a-z0-9]{6})$" or "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
			);
		const gone = api.delete(api.find('secrets')!, 'kube-system', `${BOOTSTRAP_PREFIX}${id}`);
		if (gone.error) return fault(call, `failed to delete bootstrap token ${JSON.stringify(id)}: ${gone.error.message}`);
		call.out(`bootstrap token ${JSON.stringify(id)} deleted\n`);
	}
	return 0;
}

export async function token(
	call: Call,
	sub: string,
	words: readonly string[],
	options: ReadonlyMap<string, string>,
): Promise<number | undefined> {
	if (sub === 'generate') {
		call.out(`${drawn(call)}\n`);
		return 0;
	}
	if (!['list', 'create', 'delete'].includes(sub)) return undefined;
	if ((await call.files.read('/etc/kubernetes/admin.conf')) === undefined)
		return fault(call, 'failed to load admin kubeconfig: open /root/.kube/config: no such file or directory');
	const cluster = call.cluster();
	if (!cluster?.reachable)
		return fault(
			call,
			'failed to list bootstrap tokens: Get "https://localhost:6443/api/v1/namespaces/kube-system/secrets": dial tcp 127.0.0.1:6443: connect: connection refused',
		);
	if (sub === 'list') return list(call, cluster);
	return sub === 'create' ? create(call, cluster, words, options) : remove(call, cluster, words);
}
