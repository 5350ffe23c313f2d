import { describe, expect, it } from 'vitest';
import { terminal } from './terminal.ts';

describe('networks of Docker', () => {
	it('give addresses out of what was asked for, and a container may be on several', async () => {
		const shell = (await terminal()).run;
		await shell('docker network create --subnet 10.9.0.0/24 --ip-range 10.9.0.128/25 --gateway 10.9.0.1 n9');
		await shell('docker run -d --name web nginx; docker run -d --name box --network n9 busybox sleep 1000');
		expect(await shell("docker inspect -f '{{.NetworkSettings.Networks.n9.IPAddress}}' box")).toBe('10.9.0.128\n');
		expect(await shell('docker exec box ping -c1 -W1 web')).toContain('bad address');
		expect(await shell('docker network connect --ip 10.9.0.200 --alias www n9 web')).toBe('');
		expect(await shell('docker network connect n9 web')).toBe(
			'Error response from daemon: endpoint with name web already exists in network n9\n',
		);
		expect(await shell('docker exec box wget -qO- www | grep title')).toContain('Welcome to nginx!');
		expect(await shell('docker exec box nslookup web')).toContain('Address: 10.9.0.200');
		expect(await shell('docker network rm n9')).toContain('has active endpoints');
		expect(await shell('docker network disconnect n9 web; docker exec box wget -T1 -qO- 10.9.0.200')).toContain(
			'download timed out',
		);
		// It stays on the network it had before.
		expect(await shell("curl -s $(docker inspect -f '{{.NetworkSettings.IPAddress}}' web) | grep -c title")).toBe(
			'1\n',
		);
		expect(await shell('docker network create --subnet 10.9.0.0/16 n10')).toBe(
			'Error response from daemon: Pool overlaps with other one on this address space\n',
		);
	});

	it('let a container reach the nodes once it is on theirs', async () => {
		const shell = (await terminal()).run;
		await shell('docker run -d --name box busybox sleep 1000');
		expect(await shell('docker exec box ping -c1 basic-worker')).toContain('bad address');
		await shell('docker network connect kind box');
		expect(await shell('docker exec box ping -c1 basic-worker')).toContain('1 packets received');
	});

	it('that are internal let nothing out', async () => {
		const shell = (await terminal()).run;
		await shell(
			'docker network create --internal inside; docker run -d --name box --network inside busybox sleep 9999',
		);
		expect(await shell('docker exec box ip route')).not.toContain('default');
		expect(await shell('docker exec box ping -c1 -W1 172.18.0.2')).toContain('Network is unreachable');
	});
});

describe('options of docker', () => {
	it('are all known: what is not done is said in a sentence', async () => {
		const shell = (await terminal()).run;
		for (const line of [
			'docker run --ulimit nofile=1 busybox',
			'docker run --memory-swap 1g busybox',
			'docker pull -a busybox',
			'docker create --gpus all busybox',
			'docker update --pids-limit 5 x',
			'docker volume create -o type=tmpfs v',
			'docker -H tcp://1.2.3.4 ps',
		])
			expect(await shell(line), line).toMatch(/^docker .*: .*(?:simulator|registry)/);
		expect(await shell('docker ps --nonsense')).toBe("unknown flag: --nonsense\nSee 'docker ps --help'.\n");
	});

	it('of health run their command in the container, again and again', async () => {
		const shell = (await terminal()).run;
		await shell(
			"docker run -d --name box --health-cmd 'test -f /ok' --health-interval 2s --health-retries 2 busybox sleep 1000",
		);
		const health = "docker inspect -f '{{.State.Health.Status}} {{.State.Health.FailingStreak}}' box";
		expect(await shell(health)).toBe('starting 0\n');
		expect(await shell(`sleep 5; ${health}`)).toBe('unhealthy 2\n');
		expect(await shell(`docker exec box touch /ok; sleep 3; ${health}`)).toBe('healthy 0\n');
		expect(await shell('docker ps -lf health=healthy --format {{.Names}}')).toBe('box\n');
	});

	it('of inspect are templates over all that Docker lists', async () => {
		const shell = (await terminal()).run;
		await shell('docker run -d --name web -l a=b nginx');
		const inspect = (format: string): Promise<string> => shell(`docker inspect -f '${format}' web`);
		expect(await inspect('{{.Config.Entrypoint}} {{.Config.Cmd}}')).toBe(
			'[/docker-entrypoint.sh] [nginx -g daemon off;]\n',
		);
		expect(await inspect('{{index .Config.Labels "a"}}{{index .Config.Labels "x"}}.')).toBe('b.\n');
		expect(await inspect('{{.State.Foo}}')).toBe(
			'\nTemplate parsing error: template: :1:8: executing "" at <.State.Foo>: map has no entry for key "Foo"\n',
		);
		expect(await shell('docker image inspect -f "{{json .Config.ExposedPorts}}" nginx')).toBe('{"80/tcp":{}}\n');
	});
});

it('the bridge of a network is there as long as the network', async () => {
	const { run } = await terminal();
	const bridge = (await run('docker network create --subnet 10.10.0.0/24 net1')).slice(0, 12);
	expect(await run('ip -4 -o addr show dev br-'.concat(bridge))).toContain('inet 10.10.0.1/24');
	await run('docker network rm net1');
	expect(await run('ip route show 10.10.0.0/24; ip link show br-'.concat(bridge))).toBe(
		`Device "br-${bridge}" does not exist.\n`,
	);
	expect(await run('docker exec basic-worker curl -sk --cert a.crt --key a.key https://172.18.0.4:6443/healthz')).toBe(
		'curl: the simulator exchanges no handshake and shows no client certificate: send a bearer token\n',
	);
});
