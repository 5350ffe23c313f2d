/**
 * Who signs what was approved, and who clears away requests nobody needs.
 *
 * Source: kubernetes pkg/controller/certificates/{signer/signer.go,authority/policies.go,cleaner/cleaner.go} @ v1.24.0.
 */
import {
	base64,
	certificatePem,
	octetsOfBase64,
	parseTime,
	type RequestRead,
	readPem,
	readRequest,
	subjectOf,
} from '../../api/index.ts';
import { authorityOf, serialOf } from '../cluster/authority.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { as, type Condition, type ObjectView, one, removeOne } from '../cluster/kinds.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

interface SigningRequest extends ObjectView {
	readonly spec: {
		readonly request: string;
		readonly signerName: string;
		readonly usages?: readonly string[];
		readonly expirationSeconds?: number;
		readonly username?: string;
	};
	readonly status?: { readonly conditions?: readonly Condition[]; readonly certificate?: string };
}

const YEAR = 365 * 86_400;
/** Certificates begin some minutes ago: clocks differ. */
const BACKDATE = 300;
/** Up to here that is not taken off their end. */
const SHORT = 8 * 3600;

const CLIENT = 'kubernetes.io/kube-apiserver-client';
const KUBELET_CLIENT = 'kubernetes.io/kube-apiserver-client-kubelet';
const KUBELET_SERVING = 'kubernetes.io/kubelet-serving';

/** Why a signer does not sign a request; undefined when it does. */
function refusal({ spec }: SigningRequest, { names }: RequestRead): string | undefined {
	const usages = spec.usages ?? [];
	const also = ['digital signature', 'key encipherment'];
	if (spec.signerName === CLIENT) {
		const odd = usages.find((usage) => usage !== 'client auth' && !also.includes(usage));
		if (odd !== undefined) return `invalid usage for client certificate: ${odd}`;
		return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
	}
	const { organizations = [], commonName } = subjectOf(names);
	if (organizations.join() !== 'system:nodes') return 'subject organization is not system:nodes';
	if (!commonName.startsWith('system:node:')) return 'subject common name does not begin with system:node: ';
	const wanted = spec.signerName === KUBELET_CLIENT ? 'client auth' : 'server auth';
	if (usages.includes(wanted) && usages.includes('digital signature')) return undefined;
	return spec.signerName === KUBELET_CLIENT
		? 'usages did not match [key encipherment digital signature client auth]'
		: 'usages did not match [key encipherment digital signature server auth]';
}

/** When a request is deleted, seconds after it changed last. */
function lifetime(request: SigningRequest): number {
	const types = (request.status?.conditions ?? []).map(({ type }) => type);
	return types.includes('Approved') || types.includes('Denied') ? 3600 : 86_400;
}

export function signingController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const sign = (request: SigningRequest, asked: RequestRead): string => {
		const { key, subject } = authorityOf(cluster);
		const now = timeline.epoch + Math.floor(timeline.now / SECOND);
		const seconds = Math.max(600, Math.min(request.spec.expirationSeconds ?? YEAR, YEAR));
		const usages = (request.spec.usages ?? []).filter((u) => u === 'client auth' || u === 'server auth');
		// Go writes a name anew, organizations first; and takes the alternative names along (authority.go Sign()).
		const plain = asked.names.every(([type]) => type === '2.5.4.10' || type === '2.5.4.3');
		const others = asked.extensions.find(({ type }) => type === '2.5.29.17')?.value?.parts ?? [];
		return certificatePem({
			dnsNames: others.filter(({ tag }) => tag === 0x82).map(({ body }) => String.fromCharCode(...body)),
			addresses: others
				.filter(({ tag, body }) => tag === 0x87 && body.length === 4)
				.map(({ body }) => body.reduce((all, octet) => all * 256 + octet, 0)),
			serial: serialOf(cluster, `csr ${request.metadata.uid}`),
			subject: plain ? subjectOf(asked.names) : asked.subject,
			issuer: subject,
			notBefore: now - BACKDATE,
			notAfter: now + seconds - (seconds < SHORT ? 0 : BACKDATE),
			key: { info: asked.keyInfo.whole },
			signer: key,
			usages,
		});
	};
	return {
		name: 'csrsigning',
		delay: [5 * MILLISECOND, 60 * MILLISECOND],
		keys: ({ type, object }) =>
			object.kind === 'CertificateSigningRequest' && type !== 'DELETED' ? [object.metadata.name] : [],
		reconcile(name) {
			const request = one<SigningRequest>(api, 'certificatesigningrequests', undefined, name);
			if (!request) return undefined;
			const conditions = request.status?.conditions ?? [];
			const has = (type: string): boolean => conditions.some((c) => c.type === type && c.status === 'True');
			const since = timeline.epoch + timeline.now / SECOND - sinceOf(request);
			if (since >= lifetime(request)) {
				removeOne(api, 'certificatesigningrequests', undefined, name);
				return undefined;
			}
			const again = (lifetime(request) - since) * SECOND;
			const mine = [CLIENT, KUBELET_CLIENT, KUBELET_SERVING].includes(request.spec.signerName);
			if (!mine || !has('Approved') || has('Denied') || has('Failed') || request.status?.certificate) return again;
			const block = readPem(String.fromCharCode(...octetsOfBase64(request.spec.request)));
			const asked = block && readRequest(block.octets);
			if (!asked) return again;
			const why = refusal(request, asked);
			const now = timeline.stamp();
			const failed = {
				type: 'Failed',
				status: 'True',
				reason: 'SignerValidationFailure',
				message: why ?? '',
				lastUpdateTime: now,
				lastTransitionTime: now,
			};
			api.updateStatus({
				...as<object>(request as never),
				status:
					why === undefined
						? { ...request.status, certificate: base64(sign(request, asked)) }
						: { ...request.status, conditions: [...conditions, failed] },
			} as never);
			return again;
		},
	};
}

/** Of its newest condition, or of its making; seconds since 1970. */
function sinceOf({ metadata, status }: SigningRequest): number {
	const times = (status?.conditions ?? []).map((c) => parseTime(String(c.lastTransitionTime ?? '')) ?? 0);
	return Math.max(parseTime(String(metadata.creationTimestamp ?? '')) ?? 0, ...times);
}
