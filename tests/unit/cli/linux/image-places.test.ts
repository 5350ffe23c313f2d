/** What is in containers of people's images: a shell or none, the first process and its file, the system's name. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

describe('a container of an image', () => {
	let at: Terminal;
	const exec = (pod: string, line: string): Promise<string> => at.run(`kubectl exec ${pod} -- ${line}`);

	beforeAll(async () => {
		at = await terminal();
		for (const pod of [
			'echo --image=hashicorp/http-echo -- -text=x',
			'none --image=hashicorp/http-echo --command -- sh -c ls',
			'cache --image=redis',
			'web --image=nginx',
			'pages --image=httpd',
			'alpine --image=alpine -- sleep 1d',
			'debian --image=debian:10 -- sleep 1d',
			'ubuntu --image=ubuntu:20.04 -- sleep 1d',
			'bash --image=bash:5.1 -- sleep 1d',
		])
			await at.run(`kubectl run ${pod}`);
		await at.run('sleep 40');
	});

	it('has no shell where the image is one program', async () => {
		const missing = 'exec: "sh": executable file not found in $PATH: unknown\n';
		expect(await exec('echo', 'sh')).toContain(missing);
		expect(await exec('echo', 'ls /')).toContain('exec: "ls": executable file not found in $PATH: unknown\n');
		expect(
			await at.run("kubectl get pod none -o jsonpath='{.status.containerStatuses[0].lastState.terminated.message}'"),
		).toContain(missing.trim());
	});

	it('has its server as the first process, by the file it is of', async () => {
		for (const [pod, exe, line] of [
			['cache', '/usr/local/bin/redis-server', 'redis-server *:6379 '],
			['web', '/usr/sbin/nginx', 'nginx: master process nginx -g daemon off; '],
			['pages', '/usr/local/apache2/bin/httpd', 'httpd -DFOREGROUND '],
			['alpine', '/bin/busybox', 'sleep 1d '],
			['ubuntu', '/usr/bin/sleep', 'sleep 1d '],
		] as const) {
			expect(await exec(pod, 'readlink /proc/1/exe'), pod).toBe(`${exe}\n`);
			expect(await exec(pod, `sh -c 'tr "\\0" " " < /proc/1/cmdline'`), pod).toBe(line);
		}
	});

	it('nginx tells how its image’s package was built, of the versions of the lab’s time', async () => {
		const said = await exec('web', 'nginx -V');
		expect(said).toMatch(
			/^nginx version: nginx\/1\.23\.1\nbuilt by gcc 10\.2\.1 20210110 \(Debian 10\.2\.1-6\) \nbuilt with OpenSSL 1\.1\.1n {2}15 Mar 2022\nTLS SNI support enabled\nconfigure arguments: --prefix=\/etc\/nginx /,
		);
		expect(said).toContain(' --with-http_v2_module --with-mail --with-mail_ssl_module --with-stream ');
	});

	it('says which system it is of', async () => {
		const kernel = '5.15.0-46-generic #49-Ubuntu SMP Thu Aug 4 18:03:25 UTC 2022 x86_64';
		expect(await exec('alpine', 'uname -a')).toBe(`Linux alpine ${kernel} Linux\n`);
		expect(await exec('debian', 'uname -a')).toBe(`Linux debian ${kernel} GNU/Linux\n`);
		// procps is in Ubuntu's image, not in Debian's.
		expect(await exec('ubuntu', 'ps -o args= -p 1')).toBe('sleep 1d\n');
		expect(await exec('ubuntu', 'uname -a')).toBe(`Linux ubuntu ${kernel} x86_64 x86_64 GNU/Linux\n`);
		expect(await exec('debian', 'uname -p')).toBe('unknown\n');
		expect(await exec('ubuntu', 'cat /etc/lsb-release')).toBe(
			'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=20.04\nDISTRIB_CODENAME=focal\nDISTRIB_DESCRIPTION="Ubuntu 20.04.4 LTS"\n',
		);
		for (const [pod, version] of [
			['debian', '5.0.3(1)-release (x86_64-pc-linux-gnu)'],
			['ubuntu', '5.0.17(1)-release (x86_64-pc-linux-gnu)'],
			['bash', '5.1.16(1)-release (x86_64-pc-linux-musl)'],
		] as const)
			expect(await exec(pod, 'bash --version'), pod).toContain(`GNU bash, version ${version}\n`);
	});
});
