/** `kubectl describe csr`, and pages of the API server that are not here. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

test('a signing request says who asks for whose certificate, and what became of it', async () => {
	await t.run(
		'openssl req -new -newkey rsa:2048 -nodes -keyout k.pem -subj "/CN=me/O=dev/O=ops" -out r.pem 2>/dev/null',
	);
	await t.file(
		'make.sh',
		`cat <<END | kubectl create -f -
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: me, labels: {a: b}}
spec:
  request: $(base64 -w0 r.pem)
  signerName: kubernetes.io/kube-apiserver-client
  expirationSeconds: 86400
  usages: [client auth]
END
`,
	);
	await t.run('bash make.sh');
	const lines = (await t.run('kubectl describe csr me')).split('\n');
	expect(lines.map((line) => line.replace(/(?<=^CreationTimestamp: +)\S.*/, 'then'))).toEqual([
		'Name:                me',
		'Labels:              a=b',
		'Annotations:         <none>',
		'CreationTimestamp:   then',
		'Requesting User:     kubernetes-admin',
		'Signer:              kubernetes.io/kube-apiserver-client',
		'Requested Duration:  24h',
		'Status:              Pending',
		'Subject:',
		'         Common Name:    me',
		'         Serial Number:  ',
		'         Organization:   dev',
		'                         ops',
		'Events:  <none>',
		'',
	]);
	await t.run('kubectl certificate approve me; sleep 2');
	expect(await t.run('kubectl describe csr me')).toContain('\nStatus:              Approved,Issued\n');
});

test('what the API server would have and the lab has not is refused in a sentence', async () => {
	for (const path of [
		'/metrics',
		'/openapi/v2',
		'/openapi/v3/apis/apps/v1',
		'/api/v1/nodes/basic-worker/proxy/configz',
	])
		expect(await t.run(`kubectl get --raw ${path}`)).toBe(
			`Error from server (NotImplemented): the simulator's API server has no ${path}: it has objects, discovery, version and health\n`,
		);
	expect(await t.run('kubectl get --raw /nothing')).toMatch(/^Error from server \(NotFound\): /);
});
