/** docker run as somebody with docker uses it: servers with logs and processes, files of the learner's, users, memory. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeEach(async () => {
	lab = await terminal();
});
const run = (lines: string): Promise<string> => lab.run(lines);

describe('a server that docker runs', () => {
	test('logs its start and each request, and has its processes', async () => {
		await run('docker run -d --name web -p 8080:80 nginx; sleep 1; curl -s localhost:8080; curl -s localhost:8080/no');
		const log = await run('docker logs web');
		expect(log).toMatch(/^\/docker-entrypoint.sh: .*will attempt to perform configuration\n/);
		expect(log).toMatch(/\[notice\] 1#1: start worker process 29\n/);
		expect(log).toMatch(/172\.17\.0\.1 - - \[.*\] "GET \/ HTTP\/1.1" 200 615 "-" "curl\/.*" "-"\n/);
		expect(log).toMatch(/\[error\] 29#29: \*2 open\(\) "\/usr\/share\/nginx\/html\/no" failed/);
		const top = await run('docker top web');
		expect(top).toMatch(/^root .*nginx: master process nginx -g daemon off;$/m);
		expect(top.match(/nginx: worker process/g)).toHaveLength(8);
		await run('docker stop web');
		expect(await run('docker logs --tail 1 web')).toMatch(/\[notice\] 1#1: exit\n$/);
		expect(await run('curl -s localhost:8080; echo $?')).toBe('7\n');
		expect(await run('docker start web; sleep 1; curl -sI localhost:8080 | head -1')).toContain('200 OK');
	});

	test('gives up as its image does without what it needs', async () => {
		expect(await run('docker run --name pg postgres 2>&1 | tail -12')).toContain('superuser password is not specified');
		expect(await run(`docker inspect -f '{{.State.ExitCode}}' pg`)).toBe('1\n');
		await run('docker run -d --name r redis; sleep 1');
		expect(await run('docker logs r')).toMatch(/ \* Ready to accept connections\n$/);
	});
});

describe('files that docker mounts', () => {
	test('are the learner’s own: what either side writes, both have, with its owner', async () => {
		await run('mkdir www; echo one > www/index.html');
		await run('docker run -d --name web -p 8080:80 -v $PWD/www:/usr/share/nginx/html:ro nginx; sleep 1');
		expect(await run('curl -s localhost:8080; echo two > www/index.html; curl -s localhost:8080')).toBe('one\ntwo\n');
		expect(await run('docker exec web sh -c "echo x > /usr/share/nginx/html/y"')).toContain('Read-only file system');
		await run("docker run --rm -v $PWD/www:/d busybox sh -c 'echo made > /d/new'");
		expect(await run('cat www/new; ls -l www')).toMatch(
			/^made\n[\s\S]*learner learner .* index.html\n.*root +root .* new\n/,
		);
		expect(await run("docker run --rm -u 1000 -v $PWD/www:/d busybox sh -c 'id -u; echo no > /d/new'")).toMatch(
			/^1000\n.*Permission denied/,
		);
		expect(await run('curl -s localhost:8080/new')).toBe('made\n');
	});

	test('are volumes that outlive their containers, or memory', async () => {
		await run("docker run --rm -v data:/data busybox sh -c 'echo kept > /data/x'");
		expect(await run('docker run --rm -v data:/data:ro busybox sh -c "cat /data/x; touch /data/y"')).toMatch(
			/^kept\n.*Read-only file system/,
		);
		expect(await run("docker run --rm --tmpfs /t:size=4k busybox sh -c 'head -c 9000 /dev/zero > /t/a'")).toContain(
			'No space left on device',
		);
		expect(await run('docker run --rm --mount type=bind,src=/home/learner/none,dst=/x busybox')).toContain(
			'bind source path does not exist: /home/learner/none',
		);
	});
});

test('who one is, where, and how much memory, is as docker was told', async () => {
	expect(
		await run("docker run --rm -w /srv/x -h box --read-only busybox sh -c 'pwd; hostname; touch /a' 2>&1 | tail -3"),
	).toMatch(/^\/srv\/x\nbox\n.*Read-only file system/);
	expect(await run('docker run --rm -u nosuch busybox')).toContain('unable to find user nosuch');
	await run('docker run --name full -m 64m busybox tail /dev/zero');
	expect(await run(`docker inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' full`)).toBe('true 137\n');
	await run('docker network create own; docker run -d --name a1 --network own --network-alias web nginx; sleep 1');
	expect(await run('docker run --rm --network own busybox wget -qO- web | head -1')).toBe('<!DOCTYPE html>\n');
	expect(await run('docker run --rm busybox wget -qO- a1')).toContain("bad address 'a1'");
});

test('nginx hands on to a container of its network, and does not begin without its name', async () => {
	await lab.file('default.conf', 'server {\n  listen 80;\n  location / {\n    proxy_pass http://app;\n  }\n}\n');
	await run('docker network create own');
	const proxy = 'docker run -d --network own -p 8080:80 -v $PWD/default.conf:/etc/nginx/conf.d/default.conf:ro';
	await run(`${proxy} --name first nginx; sleep 2`);
	expect(await run('docker logs first 2>&1 | tail -1')).toBe(
		'nginx: [emerg] host not found in upstream "app" in /etc/nginx/conf.d/default.conf:4\n',
	);
	expect(await run(`docker inspect -f '{{.State.ExitCode}}' first`)).toBe('1\n');
	await run(`docker run -d --network own --name app httpd; ${proxy} --name front nginx; sleep 1`);
	expect(await run('curl -s localhost:8080')).toBe('<html><body><h1>It works!</h1></body></html>\n');
	const ip = (await run("docker inspect -f '{{.NetworkSettings.Networks.own.IPAddress}}' front")).trim();
	expect(await run('docker logs app --tail 1')).toContain(`${ip} - - `);
	// Another one gets its address, and listens to nothing.
	await run('docker stop app; docker run -d --network own --name other busybox sleep 1000');
	expect(await run('curl -s -o /dev/null -w "%{http_code}" localhost:8080')).toBe('502');
	expect(await run('docker logs front')).toContain(
		'connect() failed (111: Connection refused) while connecting to upstream',
	);
});

test('docker exec -u is who it says, by the container’s files', async () => {
	const lab = await terminal('empty');
	await lab.run('docker run -d --name w nginx');
	expect(await lab.run('docker exec -u nginx w id; docker exec -u 1000:33 w id; docker exec w id -u')).toBe(
		'uid=101(nginx) gid=101(nginx) groups=101(nginx)\nuid=1000 gid=33(www-data) groups=33(www-data)\n0\n',
	);
	expect(await lab.run("docker exec -u nginx w sh -c 'touch /etc/x; touch /tmp/y; ls -l /tmp/y | cut -c-24'")).toBe(
		"touch: cannot touch '/etc/x': Permission denied\n-rw-r--r-- 1 nginx nginx\n",
	);
	expect(await lab.run('docker exec -u nosuch w id; echo $?')).toBe(
		'unable to find user nosuch: no matching entries in passwd file\n126\n',
	);
});
