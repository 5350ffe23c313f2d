/** What docker does to containers, images and volumes that are there, and what it tells of them. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('containers are renamed, frozen, limited and compared with their image', async () => {
	const lab = await terminal();
	await lab.run('docker run -d --name web -p 8080:80 nginx; sleep 1; docker rename web front');
	expect(await lab.run('curl -s localhost:8080 | head -1')).toBe('<!DOCTYPE html>\n');
	expect(await lab.run('docker pause front; docker ps | head -2')).toMatch(
		/^front\n.*\n.*Up \d+ seconds? \(Paused\).*front\n$/,
	);
	expect(await lab.run('curl -s -m 2 localhost:8080; echo $?')).toBe('28\n');
	expect(await lab.run('docker exec front true')).toContain('is paused, unpause the container before exec');
	expect(await lab.run('docker unpause front; curl -s localhost:8080 | head -1')).toBe('front\n<!DOCTYPE html>\n');
	await lab.run('docker exec front sh -c "echo x > /tmp/new; rm /usr/share/nginx/html/50x.html"');
	const changed = await lab.run('docker diff front');
	expect(changed).toMatch(/^C \/tmp\nA \/tmp\/new$/m);
	expect(changed).toContain('D /usr/share/nginx/html/50x.html\n');
	await lab.run('docker update -m 100m --restart always front');
	expect(await lab.run("docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}' front")).toBe(
		'104857600 always\n',
	);
	await lab.run('mkdir d; echo 1 > d/a; docker cp d front:/opt');
	expect(await lab.run('docker exec front cat /opt/d/a; docker cp front:/etc/nginx nx; ls -1 nx')).toBe(
		'1\nconf.d\nfastcgi_params\nmime.types\nmodules\nnginx.conf\nscgi_params\nuwsgi_params\n',
	);
	await lab.run('docker create --name later busybox echo hello');
	expect(await lab.run('docker start -a later; docker logs later')).toMatch(/hello\nhello\n$/);
});

test('images have several names, volumes are in use or not, and events tell what happened', async () => {
	const lab = await terminal();
	await lab.run(
		'docker run -d --name web -v data:/d nginx; docker tag nginx my/web:1; docker run -d --name two my/web:1; sleep 1',
	);
	expect(await lab.run('docker logs two | tail -1')).toContain('start worker process 36');
	expect(await lab.run('docker rm -f two; docker rmi nginx')).toBe('two\nUntagged: nginx:latest\n');
	expect(await lab.run('docker rmi my/web:1')).toContain(
		'conflict: unable to remove repository reference "my/web:1" (must force)',
	);
	expect(await lab.run('docker volume rm data')).toContain('remove data: volume is in use - [');
	await lab.run('docker volume create idle');
	expect(await lab.run('docker volume prune -f')).toBe('Deleted Volumes:\nidle\n\nTotal reclaimed space: 0B\n');
	expect(await lab.run('docker system df')).toMatch(/^Local Volumes +5 +5 /m);
	await lab.run('docker run --name gone busybox false');
	expect(await lab.run('docker container prune -f')).toMatch(/^Deleted Containers:\n[0-9a-f]{64}\n\nTotal reclaimed/);
	const events = await lab.run('docker events --since 1h --until 0s --filter container=gone');
	expect(events).toMatch(
		/container create .*\n.* container start .*\n.* container die \w+ \(exitCode=1, .*\n.* container destroy /,
	);
});

test('docker cp makes the directory it copies, knows the files that Docker mounts, and not those of a path that is not there', async () => {
	const lab = await terminal('empty');
	await lab.run('docker run -d --name web nginx');
	expect(
		await lab.run(
			'docker exec web readlink /etc/nginx/modules; docker exec web grep -c ^uwsgi_param /etc/nginx/uwsgi_params',
		),
	).toBe('/usr/lib/nginx/modules\n14\n');
	expect(await lab.run('docker cp web:/etc/nginx ./ng; ls -1 ng ng/conf.d')).toBe(
		'ng:\nconf.d\nfastcgi_params\nmime.types\nmodules\nnginx.conf\nscgi_params\nuwsgi_params\n\nng/conf.d:\ndefault.conf\n',
	);
	expect(await lab.run('docker cp web:/etc/nginx no/x')).toBe('invalid output path: directory "no" does not exist\n');
	const ip = (await lab.run("docker inspect -f '{{.NetworkSettings.IPAddress}}' web")).trim();
	expect(await lab.run('docker cp web:/etc/hosts h; tail -1 h')).toContain(`${ip}\t`);
	expect(await lab.run('docker cp web:/nothing h')).toBe('Error: No such container:path: web:/nothing\n');
});

test('docker version has its fields by their names in templates and in JSON', async () => {
	const lab = await terminal('empty');
	expect(await lab.run("docker version --format '{{.Client.APIVersion}} {{.Server.APIVersion}}'")).toBe('1.41 1.41\n');
	expect(JSON.parse(await lab.run("docker version --format '{{json .Client}}'"))).toMatchObject({ ApiVersion: '1.41' });
});

test('a server that is asked for its version does not run for ever', async () => {
	const lab = await terminal('empty');
	expect(await lab.run('docker run --rm redis redis-server --version; echo $?')).toContain(
		'the simulator has this server, but not its --version\n1\n',
	);
	expect(await lab.run('docker run -d --name r redis; sleep 3; docker logs r')).toContain(
		'Ready to accept connections',
	);
});

test('volumes are filtered by what Docker filters them by, and json is no format of 20.10', async () => {
	const lab = await terminal('empty');
	await lab.run('docker volume create --label a=b one; docker volume create two');
	expect(
		await lab.run('docker volume ls -qf label=a=b; docker volume ls -qf label=a; docker volume ls -qf name=w'),
	).toBe('one\none\ntwo\n');
	expect(await lab.run('docker volume ls -f foo=1; echo $?')).toBe(
		"Error response from daemon: Invalid filter 'foo'\n1\n",
	);
	expect(await lab.run('docker volume ls --format json')).toBe('json\njson\n');
});

test('a server that is asked something does not run for ever, and containers may open many files', async () => {
	const lab = await terminal('empty');
	expect(await lab.run('docker run --rm httpd httpd -v; echo $?')).toContain('Apache/2.4.54, but not its -v\n1\n');
	expect(await lab.run('docker run --rm alpine sh -c "ulimit -n"; ulimit -n')).toContain('\n1048576\n1024\n');
});

test('nodes have what kind asks Docker for: a volume at /var, modules of the laptop, memory', async () => {
	const { run } = await terminal();
	const of = async (what: string): Promise<unknown> =>
		JSON.parse(await run(`docker inspect basic-worker -f '{{json ${what}}}'`));
	const [volume, modules] = (await of('.Mounts')) as readonly Readonly<Record<string, unknown>>[];
	expect(volume).toMatchObject({ Type: 'volume', Destination: '/var', Driver: 'local', RW: true });
	expect(modules).toMatchObject({ Type: 'bind', Source: '/lib/modules', Mode: 'ro', RW: false });
	expect(await of('.HostConfig.Binds')).toEqual(['/lib/modules:/lib/modules:ro']);
	expect(await of('.HostConfig.Tmpfs')).toEqual({ '/run': '', '/tmp': '' });
	expect(await of('.Config.Volumes')).toEqual({ '/var': {} });
	const nodes = Number(await run('kind get nodes --name basic | wc -l'));
	expect(Number(await run('docker volume ls -q | wc -l'))).toBe(nodes);
	expect(await run('docker volume ls -q -f dangling=true; docker volume prune -f')).toBe('Total reclaimed space: 0B\n');
	expect(await run(`docker volume rm ${volume!.Name} 2>&1`)).toContain('volume is in use');
	expect(Number(await run('docker ps -q --filter volume=/var | wc -l'))).toBe(nodes);
	expect(await run('docker exec basic-worker df --output=target,fstype /tmp /run | tail -n 2')).toMatch(
		/^\/tmp +tmpfs\n\/run +tmpfs\n$/,
	);
	expect(await run('docker exec basic-worker grep /lib/modules /proc/mounts')).toContain(' ext4 ro,relatime ');
	const at = '/lib/modules';
	expect(await run(`docker exec basic-worker sh -c 'touch ${at}/x; rm -r ${at}; mkdir /usr${at}/5; ls ${at}'`)).toBe(
		`touch: cannot touch '${at}/x': Read-only file system\nrm: cannot remove '${at}': Device or resource busy\nmkdir: cannot create directory '/usr${at}/5': Read-only file system\n`,
	);
	await run('echo > a');
	const readOnly = (what: string): string => `Error response from daemon: ${what} is marked read-only\n`;
	expect(await run(`docker cp a basic-worker:${at}/`)).toBe(readOnly('mounted volume'));
	await run('docker run -d --name ro --read-only -v /tmp:/data:ro nginx; sleep 20');
	expect(await run('docker cp a ro:/data/')).toBe(readOnly('mounted volume'));
	expect(await run('docker cp a ro:/etc/')).toBe(readOnly('container rootfs'));
	expect(await run("docker ps --format '{{.Mounts}}' --filter name=basic-worker2")).toMatch(
		/^[0-9a-f]{14}…,\/lib\/modules\n$/,
	);
	await run('docker rm -f ro; kind delete cluster --name basic');
	expect(await run('docker volume ls -q')).toBe('');
});
