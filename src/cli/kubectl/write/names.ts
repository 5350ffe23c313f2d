/** Ends of generated names. Source: k8s.io/apimachinery pkg/util/rand/rand.go @ v0.24.0 (String). */
import type { Kube } from '../kube.ts';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters nobody takes for a word; others for another purpose or after anything was written. */
export function suffix(kube: Kube, purpose: string, length = 5): string {
	let out = '';
	for (let i = 0; i < length; i++)
		out += ALPHABET[kube.api.random('kubectl', `${purpose}/${kube.api.revision}/${kube.run.call.lab.now}/${i}`, 27)];
	return out;
}
