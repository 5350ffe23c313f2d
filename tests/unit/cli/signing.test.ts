import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const request = (name: string, body: string, more = ''): string => `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: ${name}
spec:
  request: ${body}
  signerName: kubernetes.io/kube-apiserver-client
  usages:
  - client auth
${more}`;

/** apiserver pkg/authentication/request/x509/x509.go @ v1.32.0. */
describe('whose certificate it was', () => {
	const extras = async (image: string): Promise<string> => {
		const at = await terminal('empty');
		await at.run(`kind create cluster -q --image kindest/node:${image}`);
		await at.run("openssl genrsa -out a.key 2048\nopenssl req -new -key a.key -subj '/CN=a' -out a.csr");
		await at.file('a.yaml', request('a', (await at.run('base64 -w0 a.csr')).trim()));
		await at.run('kubectl apply -f a.yaml');
		return at.run("kubectl get csr a -o jsonpath='{.spec.extra}'");
	};

	it('is told from 1.32 on by the digest of its octets', async () => {
		expect(await extras('v1.31.0')).toBe('');
		expect(await extras('v1.33.1')).toMatch(
			/^\{"authentication\.kubernetes\.io\/credential-id":\["X509SHA256=[0-9a-f]{64}"\]\}$/,
		);
	});
});

describe('requests for certificates', () => {
	let at: Terminal;
	let asked = '';
	beforeAll(async () => {
		at = await terminal();
		await at.run(
			"openssl genrsa -out john.key 2048\nopenssl req -new -key john.key -subj '/CN=john/O=dev' -out john.csr",
		);
		asked = (await at.run('base64 -w0 john.csr')).trim();
	});

	it('are refused when they are none', async () => {
		await at.file('bad.yaml', request('bad', 'Z2FyYmFnZQ=='));
		expect(await at.run('kubectl apply -f bad.yaml')).toBe(
			'The CertificateSigningRequest "bad" is invalid: spec.request: Invalid value: []byte{0x67, 0x61, 0x72, 0x62, 0x61, 0x67, 0x65}: PEM block type must be CERTIFICATE REQUEST\n',
		);
		await at.file('short.yaml', request('short', asked, '  expirationSeconds: 60\n'));
		expect(await at.run('kubectl apply -f short.yaml')).toContain(
			'spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 600 seconds (10 minutes)',
		);
		const forged = Buffer.from(asked, 'base64')
			.toString()
			.replace(/.{4}\n-----END/, 'AAAA\n-----END');
		await at.file('forged.yaml', request('forged', Buffer.from(forged).toString('base64')));
		expect(await at.run('kubectl apply -f forged.yaml')).toContain('is invalid: spec.request: ');
	});

	it('become certificates once somebody approves them, and those are users', async () => {
		await at.file('john.yaml', request('john', asked));
		await at.run('kubectl apply -f john.yaml');
		expect(await at.run('kubectl get csr --no-headers')).toMatch(/^john .* kubernetes-admin +<none> +Pending\n$/);
		// A signer needs less than a program takes to end: the next command has the certificate.
		await at.run('kubectl certificate approve john');
		expect(await at.run('kubectl get csr --no-headers')).toMatch(/ Approved,Issued\n$/);
		await at.run("kubectl get csr john -o jsonpath='{.status.certificate}' | base64 -d > john.crt");
		const cert = new X509Certificate(await at.run('cat john.crt'));
		expect(cert.subject).toBe('O=dev\nCN=john');
		await at.run('docker exec basic-control-plane cat /etc/kubernetes/pki/ca.crt > ca.crt');
		expect(cert.verify(new X509Certificate(await at.run('cat ca.crt')).publicKey)).toBe(true);
		expect(await at.run('openssl verify -CAfile ca.crt john.crt')).toBe('john.crt: OK\n');

		await at.run(
			'kubectl config set-credentials john --client-certificate=john.crt --client-key=john.key\nkubectl config set-context john --cluster=kind-basic --user=john',
		);
		expect(await at.run('kubectl --context john get pods')).toContain('User "john" cannot list resource "pods"');
		await at.run(
			'kubectl create role reader --verb=get,list --resource=pods\nkubectl create rolebinding dev --role=reader --group=dev',
		);
		expect(await at.run('kubectl --context john get pods -o name')).toMatch(/^pod\/deploy-echoserver/);
	});

	it('are not signed for what their signer is not for', async () => {
		await at.file('serve.yaml', request('serve', asked, '  - server auth\n'));
		await at.run('kubectl apply -f serve.yaml\nkubectl certificate approve serve; sleep 1');
		expect(await at.run('kubectl get csr serve --no-headers')).toMatch(/ Approved,Failed\n$/);
		expect(await at.run("kubectl get csr serve -o jsonpath='{.status.conditions[1].message}'")).toBe(
			'invalid usage for client certificate: server auth',
		);
	});

	it('may be signed by whoever has the authority’s key, and by nobody else', async () => {
		await at.run('docker exec basic-control-plane cat /etc/kubernetes/pki/ca.key > ca.key');
		await at.run("openssl req -new -key john.key -subj '/CN=root/O=system:masters' -out root.csr");
		await at.run('openssl x509 -req -in root.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -out root.crt');
		await at.run(
			'kubectl config set-credentials root --client-certificate=root.crt --client-key=john.key\nkubectl config set-context root --cluster=kind-basic --user=root',
		);
		expect(await at.run('kubectl --context root auth can-i delete nodes')).toContain('yes\n');
		await at.run("openssl req -x509 -key john.key -subj '/CN=x/O=system:masters' -out own.crt");
		await at.run('kubectl config set-credentials root --client-certificate=own.crt');
		expect(await at.run('kubectl --context root get nodes')).toContain(
			'error: You must be logged in to the server (Unauthorized)',
		);
		expect(await at.run('openssl x509 -in root.crt -noout -subject -checkend 86401')).toBe(
			'subject=CN = root, O = system:masters\nCertificate will expire\n',
		);
	});
});
