/** `openssl verify`: whether an authority has signed a certificate (apps/verify.c @ 3.0). */
import { rsaVerify, secondsOf } from '../../sim/api/index.ts';
import type { Call } from '../tool.ts';
import { isFor } from './certificate.ts';
import { certificateIn } from './in-out.ts';
import { nameText } from './names.ts';
import { read } from './options.ts';

export async function verify(call: Call, words: readonly string[]): Promise<number> {
	const o = read('verify', words, ['CAfile', 'verify_hostname', 'verify_ip']);
	// Nothing of this machine's own authorities has signed anything of the lab's.
	const authority = o.has('CAfile') ? (await certificateIn(call, o.value('CAfile'))).read : undefined;
	let code = 0;
	const now = call.lab.epoch + call.lab.now / 1e6;
	for (const path of o.rest) {
		const { read: cert } = await certificateIn(call, path);
		const own = nameText(cert.issuer) === nameText(cert.subject);
		const issued = authority && nameText(cert.issuer) === nameText(authority.subject);
		const fault =
			!issued || !authority.key
				? own
					? [18, 'self-signed certificate']
					: [20, 'unable to get local issuer certificate']
				: !rsaVerify(authority.key, cert.body, cert.signature)
					? [7, 'certificate signature failure']
					: now < secondsOf(cert.notBefore)
						? [9, 'certificate is not yet valid']
						: now > secondsOf(cert.notAfter)
							? [10, 'certificate has expired']
							: !isFor(cert, o.value('verify_hostname'), 0x82)
								? [62, 'hostname mismatch']
								: !isFor(cert, o.value('verify_ip'), 0x87)
									? [64, 'IP address mismatch']
									: undefined;
		if (!fault) {
			call.out(`${path}: OK\n`);
			continue;
		}
		call.err(
			`${nameText(cert.subject)}\nerror ${fault[0]} at 0 depth lookup: ${fault[1]}\nerror ${path}: verification failed\n`,
		);
		code = 2;
	}
	return code;
}
