/** openssl's names, extensions and digests; certificates are read by Node's own library too. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let at: Terminal;
const run = (line: string): Promise<string> => at.run(line);
beforeAll(async () => {
	at = await terminal();
	await run(
		'openssl genrsa -out ca.key 2048; openssl req -x509 -new -key ca.key -subj "/C=FR/O=lab/CN=ca" -out ca.crt',
	);
});

test('a request takes the names that are asked for along, into a certificate that is valid for them', async () => {
	await at.file(
		'c.cnf',
		'[req]\nprompt = no\ndistinguished_name = dn\nreq_extensions = v3\n[dn]\nCN = web\nO = dev\n[v3]\nkeyUsage = critical, digitalSignature\nsubjectAltName = @alt\n[alt]\nDNS.1 = a.b\nIP.1 = 10.0.0.9\n',
	);
	await run('openssl req -new -newkey rsa:2048 -nodes -config c.cnf -keyout k -out c');
	expect(await run('openssl req -in c -noout -text')).toMatch(
		/Subject: CN = web, O = dev\n[\s\S]*Requested Extensions:\n {16}X509v3 Key Usage: critical\n {20}Digital Signature\n {16}X509v3 Subject Alternative Name: \n {20}DNS:a.b, IP Address:10.0.0.9\n/,
	);
	await run(
		'openssl x509 -req -in c -CA ca.crt -CAkey ca.key -CAcreateserial -extfile c.cnf -extensions v3 -out c.crt',
	);
	const own = new X509Certificate(await run('cat c.crt'));
	const authority = new X509Certificate(await run('cat ca.crt'));
	expect(own.subjectAltName).toBe('DNS:a.b, IP Address:10.0.0.9');
	expect(own.subject).toBe('CN=web\nO=dev');
	expect(own.issuer).toBe('C=FR\nO=lab\nCN=ca');
	expect(own.checkIssued(authority) && own.verify(authority.publicKey)).toBe(true);
	expect(authority.ca).toBe(true);
	expect(await run('openssl x509 -in c.crt -noout -ext subjectAltName')).toBe(
		'X509v3 Subject Alternative Name: \n    DNS:a.b, IP Address:10.0.0.9\n',
	);
	expect(await run('openssl x509 -in c.crt -noout -fingerprint')).toBe(`sha1 Fingerprint=${own.fingerprint}\n`);
	expect(await run('openssl verify -CAfile ca.crt -verify_hostname a.b c.crt')).toBe('c.crt: OK\n');
	expect(await run('openssl verify -CAfile ca.crt -verify_ip 10.0.0.8 c.crt')).toContain('IP address mismatch');
});

test('a certificate without extensions is of version 1', async () => {
	await run('openssl req -new -key k -subj /CN=x -addext subjectAltName=DNS:x.y -out x');
	await run('openssl x509 -req -in x -CA ca.crt -CAkey ca.key -out x.crt');
	expect(await run('openssl x509 -in x.crt -noout -text')).toContain('Version: 1 (0x0)');
	expect(new X509Certificate(await run('cat x.crt')).subjectAltName).toBeUndefined();
	await run('openssl x509 -req -in x -CA ca.crt -CAkey ca.key -copy_extensions copy -out x.crt');
	expect(new X509Certificate(await run('cat x.crt')).subjectAltName).toBe('DNS:x.y');
});

test('digests are those of the standards, and what is not here is no invalid command', async () => {
	for (const [name, label] of [
		['md5', 'MD5'],
		['sha1', 'SHA1'],
		['sha256', 'SHA2-256'],
		['sha512', 'SHA2-512'],
	] as const)
		expect(await run(`echo abc | openssl ${name}`)).toBe(
			`${label}(stdin)= ${createHash(name).update('abc\n').digest('hex')}\n`,
		);
	expect(await run('echo hello | openssl base64 | openssl enc -base64 -d')).toBe('hello\n');
	expect(await run('openssl s_client -connect a:1')).toContain('no handshakes of TLS happen in the simulator');
	expect(await run('openssl foo')).toBe('Invalid command \'foo\'; type "help" for a list.\n');
});

test('passwords are hashed as MD5’s crypt has them, names as rehash does, and a certificate says whom it is for', async () => {
	const lab = await terminal('empty');
	// What OpenSSL 3.0.19 says of the same.
	expect(await lab.run('openssl passwd -apr1 -salt abcdefgh secret; openssl passwd -1 -salt xyz secret')).toBe(
		'$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/\n$1$xyz$Qia9Wq6FxQkYcwNWMk/RM0\n',
	);
	await lab.run(
		'openssl genrsa -out k; openssl req -x509 -new -key k -subj "/C=US/O=Some  Org/CN=X.Y" -addext subjectAltName=DNS:a.b,email:q@r -out c',
	);
	expect(
		await lab.run(
			'openssl x509 -in c -outform DER -out d; openssl x509 -inform DER -in d -noout -hash -email -checkhost a.b',
		),
	).toBe('9e8c875b\nq@r\nHostname a.b does match certificate\n');
	const fingerprint = (await lab.run('openssl x509 -in c -noout -fingerprint -sha512')).trim().split('=')[1];
	expect(fingerprint).toBe(new X509Certificate(await lab.run('cat c')).fingerprint512);
	expect(await lab.run('openssl verify c; openssl verify -CAfile c c; openssl x509 -in c -noout -purpose')).toBe(
		'C = US, O = Some  Org, CN = X.Y\nerror 18 at 0 depth lookup: self-signed certificate\nerror c: verification failed\nc: OK\nx509: the simulator does not have the option -purpose\n',
	);
});

test("an authority's public key has the hash that kubeadm's join command names, by both ways of the manuals", async () => {
	const { run } = await terminal('kind-basic');
	const node = 'docker exec basic-control-plane';
	const told = /sha256:([0-9a-f]{64})/.exec(await run(`${node} kubeadm token create --print-join-command`))?.[1];
	expect(told).toBeDefined();
	const ca = '/etc/kubernetes/pki/ca.crt';
	expect(
		await run(
			`${node} sh -c "openssl x509 -pubkey -in ${ca} | openssl rsa -pubin -outform der 2>/dev/null | openssl dgst -sha256 -hex | sed 's/^.* //'"`,
		),
	).toBe(`${told}\n`);
	expect(
		await run(`${node} sh -c "openssl x509 -pubkey -noout -in ${ca} | openssl pkey -pubin -outform der | sha256sum"`),
	).toBe(`${told}  -\n`);
	await run('openssl genrsa -out k; openssl rsa -in k -pubout -out p');
	expect(
		await run('openssl pkey -pubin -in p | cmp - p; openssl rsa -pubin -in p -noout -check; openssl pkey -pubin -in k'),
	).toBe('Only private keys can be checked\nCould not read Public Key from k\nUnable to load Public Key\n');
	expect(createPrivateKey({ key: await run('cat k'), format: 'pem' }).asymmetricKeyType).toBe('rsa');
});

test('a request becomes a certificate of its own by -signkey, as by -key', async () => {
	await run('openssl req -new -newkey rsa:2048 -nodes -subj "/CN=x/O=y" -keyout s.key -out s.csr');
	expect(await run('openssl x509 -req -in s.csr -signkey s.key -days 10 -out s.crt')).toBe(
		'Certificate request self-signature ok\nsubject=CN = x, O = y\n',
	);
	const own = new X509Certificate(await run('cat s.crt'));
	expect(own.checkIssued(own) && own.verify(own.publicKey)).toBe(true);
	expect(own.checkPrivateKey(createPrivateKey(await run('cat s.key')))).toBe(true);
	expect(Date.parse(own.validTo) - Date.parse(own.validFrom)).toBe(10 * 86_400_000);
	expect(await run('openssl x509 -req -in s.csr -key s.key -noout -issuer 2>/dev/null')).toBe('issuer=CN = x, O = y\n');
	expect(await run('openssl x509 -req -in s.csr -signkey s.key -CA ca.crt')).toBe(
		'Cannot use both -key/-signkey and -CA option\n',
	);
	expect(await run('openssl x509 -in s.crt -signkey s.key')).toContain('the simulator');
});
