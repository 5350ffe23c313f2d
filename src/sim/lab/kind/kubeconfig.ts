/** The kubeconfig kind writes for a cluster (pkg/cluster/internal/kubeconfig @ v0.14.0). */
import { base64, type Json } from '../../api/index.ts';
import { caCertificate } from '../controllers/housekeeping.ts';
import type { Timeline } from '../timeline.ts';

export function kubeconfigOf(cluster: string, server: string, timeline: Timeline): { readonly [key: string]: Json } {
	const name = `kind-${cluster}`;
	const pem = (what: string): string => base64(caCertificate(timeline.hex(400, what, cluster)));
	return {
		apiVersion: 'v1',
		clusters: [{ cluster: { 'certificate-authority-data': pem('ca'), server }, name }],
		contexts: [{ context: { cluster: name, user: name }, name }],
		'current-context': name,
		kind: 'Config',
		preferences: {},
		users: [{ name, user: { 'client-certificate-data': pem('client'), 'client-key-data': pem('key') } }],
	};
}
