/** What runs on a node, its runtime and its journal, and containers beside the nodes: in a lab that has begun. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeEach(async () => {
	lab = await terminal();
});
const on = (node: string, line: string): Promise<string> =>
	lab.run(`docker exec basic-${node} bash -c '${line.replaceAll("'", "'\\''")}'`);

describe('processes of a node', () => {
	test('are its daemons and, for each pod, a shim, a pause and the programs, children of one another', async () => {
		const rows = (await on('worker', 'ps -eo pid,ppid,comm --no-headers'))
			.trim()
			.split('\n')
			.map((line) => line.trim().split(/\s+/));
		expect(rows[0]).toEqual(['1', '0', 'systemd']);
		expect(rows.map(([, , comm]) => comm)).toEqual(
			expect.arrayContaining(['containerd', 'kubelet', 'kube-proxy', 'cilium-agent', 'pause', 'ps']),
		);
		const byPid = new Map(rows.map(([pid, ppid, comm]) => [pid, { ppid, comm }]));
		const agent = rows.find(([, , comm]) => comm === 'cilium-agent')!;
		expect(byPid.get(agent[1])?.comm).toBe('containerd-shim');
		expect(new Set(rows.map(([pid]) => pid)).size).toBe(rows.length);
	});

	test('keep their numbers while others come and go', async () => {
		const before = await on('worker', 'pgrep -a kube');
		await lab.run('kubectl run more --image=nginx && kubectl wait --for=condition=Ready pod/more --timeout=2m');
		await lab.run('kubectl delete pod more --now');
		expect(await on('worker', 'pgrep -a kube')).toBe(before);
	});

	test('are the same to ss, crictl, ctr and nsenter', async () => {
		const pid = (await on('control-plane', 'pidof kube-apiserver')).trim();
		expect(await on('control-plane', 'ss -tlnp')).toContain(`("kube-apiserver",pid=${pid},`);
		const id = (await on('control-plane', 'crictl ps -q --name kube-apiserver')).trim();
		expect((await on('control-plane', `crictl inspect -o go-template --template {{.info.pid}} ${id}`)).trim()).toBe(
			pid,
		);
		expect(await on('control-plane', 'ctr -n k8s.io tasks ls')).toMatch(new RegExp(`^${id} +${pid} +RUNNING`, 'm'));
		const dns = (await on('control-plane', 'pidof coredns')).split(' ')[0]!.trim();
		const ip = /10\.244\.\d+\.\d+/.exec(
			await on('control-plane', `nsenter -t ${dns} -n ip -4 -br addr show eth0`),
		)?.[0];
		expect(await lab.run('kubectl get pods -A -o wide')).toContain(`${ip} `);
	});

	test('of a pod are seen from inside by its own numbers, and from the laptop by its', async () => {
		expect(await lab.run('kubectl exec -n kube-system ds/cilium -c cilium-agent -- ps -eo pid,args')).toMatch(
			/^ +1 cilium-agent --config-dir=/m,
		);
		expect((await lab.run('pgrep -c kubelet')).trim()).toBe('4');
	});
});

describe('top and /proc of a node', () => {
	test('say how long the machine is up as uptime does, what memory it has, and a process its limits and slice', async () => {
		const up = /up +[\d:]+(?: min)?/.exec(await on('worker', 'uptime'))?.[0];
		const top = await on('worker', 'top -bn1');
		expect(top.split('\n')[0]).toContain(` ${up}, `);
		const free = /^Mem: +(\d+)/m.exec(await on('worker', 'free'))?.[1];
		expect(top).toContain(`MiB Mem : ${String(Math.round(Number(free) / 102.4) / 10).padStart(8)} total`);
		expect(await on('worker', 'cat /proc/$(pgrep kubelet)/limits')).toMatch(
			/^Max open files +1048576 +1048576 +files/m,
		);
		expect(await on('worker', 'cat /proc/$(pgrep kubelet)/cgroup')).toBe('0::/kubelet.slice/kubelet.service\n');
		expect(await lab.run('docker run --rm busybox top -bn1')).toMatch(/^ +PID +PPID USER/m);
	});
});

describe('systemctl and journalctl of a node', () => {
	test('list the units that run, show what they are, and refuse other verbs in a sentence', async () => {
		const units = await on('worker', 'systemctl list-units --no-legend');
		expect(units).toMatch(/^ {2}kubelet\.service +loaded active running kubelet: The Kubernetes Node Agent$/m);
		const pid = (await on('worker', 'pidof kubelet')).trim();
		expect(await on('worker', 'systemctl show -p MainPID,ActiveState kubelet')).toBe(
			`MainPID=${pid}\nActiveState=active\n`,
		);
		await on('worker', 'systemctl stop kubelet');
		expect(await on('worker', 'systemctl show --property=SubState --value kubelet')).toBe('dead\n');
		expect(await on('worker', 'systemctl list-units --no-legend')).not.toContain('kubelet.service');
		expect(await on('worker', 'systemctl --failed')).toBe(
			'  UNIT LOAD ACTIVE SUB DESCRIPTION\n0 loaded units listed.\n',
		);
		expect(await on('worker', 'systemctl list-units --type=service')).toContain(
			" too.\nTo show all installed unit files use 'systemctl list-unit-files'.\n",
		);
		// It is there, as ps says, and its state is not known.
		for (const verb of ['status', 'is-active', 'restart', 'cat'])
			expect(await on('worker', `systemctl ${verb} systemd-journald`)).toBe(
				'systemctl: the simulator follows two units of a node, containerd and kubelet, not systemd-journald\n',
			);
		expect(await on('worker', 'systemctl is-active nothing')).toBe('inactive\n');
		expect(await on('worker', 'systemctl list-timers')).toContain('the simulator does not do list-timers');
		expect(await on('worker', 'systemctl nonsense')).toBe('Unknown command verb nonsense.\n');
	});

	test('-b is of this boot and takes no word from the next option; there was none before', async () => {
		expect(await on('worker', 'journalctl -b -u kubelet -n 1 -o json')).toContain('"_SYSTEMD_UNIT":"kubelet.service"');
		expect(await on('worker', 'journalctl -u kubelet -n 1 -o json-pretty')).toContain(
			',\n\t"_SYSTEMD_UNIT" : "kubelet.service",\n',
		);
		expect(await on('worker', 'journalctl -u kubelet -n 1 -o with-unit')).toMatch(
			/ basic-worker kubelet\.service\[\d+\]: /,
		);
		expect(await on('worker', 'journalctl -n 1 -o verbose')).toContain('the simulator has no verbose');
		expect(await on('worker', 'journalctl -b 0 -u kubelet -n 1 -q')).toContain('kubelet[');
		expect(await on('worker', 'journalctl -b -1')).toContain('No such boot ID in journal');
		expect(await on('worker', 'journalctl --list-boots')).toMatch(/^ 0 [0-9a-f]{32} Wed 2022-08-31 10:00:/);
		expect(await on('worker', 'journalctl --disk-usage')).toContain('the simulator does not do --disk-usage');
	});
});

describe('crictl', () => {
	test('lists as JSON and YAML, the newest, by labels, and in words', async () => {
		const pods = JSON.parse(await on('worker', 'crictl pods --name kube-proxy -o json')) as {
			items: { id: string; createdAt: string; labels: Record<string, string> }[];
		};
		expect(pods.items).toHaveLength(1);
		expect(pods.items[0]!.labels['k8s-app']).toBe('kube-proxy');
		expect(pods.items[0]!.createdAt).toMatch(/^16\d{17}$/);
		expect(await on('worker', 'crictl pods -q --label k8s-app=kube-proxy')).toBe(`${pods.items[0]!.id}\n`);
		expect(await on('worker', 'crictl pods -q --label k8s-app=nothing')).toBe('');
		const yaml = await on('worker', 'crictl ps --name kube-proxy -o yaml');
		expect(yaml).toContain(`  podSandboxId: ${pods.items[0]!.id}\n  state: CONTAINER_RUNNING\n`);
		expect((await on('worker', 'crictl ps -a -q -n 2')).trim().split('\n')).toHaveLength(2);
		expect((await on('worker', 'crictl ps -q -l')).trim().split('\n')).toHaveLength(1);
		expect(await on('worker', 'crictl pods -v --name kube-proxy')).toMatch(/^Status: Ready\nCreated: 2022-08-31 /m);
		expect(JSON.parse(await on('worker', 'crictl images -o json'))).toHaveProperty('images.0.repoTags');
		expect(await on('worker', 'crictl inspecti -o yaml k8s.gcr.io/pause:3.6')).toMatch(/^status:\n {2}id: "?sha256:/);
		expect(await on('worker', 'crictl ps -o wide')).toContain('unsupported output format');
	});

	test('lists what ended too, and pods by their sandboxes', async () => {
		const all = await on('worker', 'crictl ps -a');
		expect(all).toMatch(/Exited +clean-cilium-state +0 /);
		expect(await on('worker', 'crictl ps')).not.toContain('Exited');
		const sandbox = /^([0-9a-f]{13}).*cilium-/m.exec(await on('worker', 'crictl pods'))![1]!;
		expect(await on('worker', `crictl inspectp ${sandbox}`)).toContain('"network": "NODE"');
	});

	test('counts restarts, and shows the log of the run before', async () => {
		await lab.run(
			`kubectl run crash --image=busybox --overrides='{"spec":{"nodeName":"basic-worker"}}' -- sh -c 'echo once; exit 3'`,
		);
		await lab.run('sleep 60');
		const line = (await on('worker', 'crictl ps -a --name crash')).split('\n')[1]!;
		const count = (
			await lab.run("kubectl get pod crash -o jsonpath='{.status.containerStatuses[0].restartCount}'")
		).trim();
		expect(line).toMatch(new RegExp(`Exited +crash +${count} `));
		expect(await on('worker', `crictl inspect ${line.slice(0, 13)}`)).toContain('"exitCode": 3');
	});
});

describe('the journal of a kubelet', () => {
	test('complains of the network every five seconds until the node is ready', async () => {
		const lines = (await on('worker', 'journalctl -u kubelet -o short-precise --no-pager')).split('\n');
		const times = lines.filter((l) => l.includes('"Container runtime network not ready"')).map((l) => l.slice(7, 22));
		expect(times.length).toBeGreaterThan(3);
		const seconds = times.map((t) => Number(t.slice(3, 5)) * 60 + Number(t.slice(6)));
		for (const [i, at] of seconds.slice(1).entries()) expect(at - seconds[i]!).toBeCloseTo(5, 3);
		const ready = await lab.run(
			`kubectl get node basic-worker -o jsonpath='{.status.conditions[?(@.type=="Ready")].lastTransitionTime}'`,
		);
		expect(times.at(-1)!.slice(0, 8) <= ready.slice(11, 19)).toBe(true);
	});

	test('has pauses, failed pulls and sandboxes that could not be made, as they happen', async () => {
		await lab.run(`kubectl run bad --image=nginx:nosuch --overrides='{"spec":{"nodeName":"basic-worker"}}'`);
		await lab.run('sleep 20');
		const text = await on('worker', 'journalctl -u kubelet --since "1 min ago" -o cat');
		expect(text).toMatch(
			/^E0831 10:\d\d:\d\d\.\d{6} {2,4}\d+ remote_image\.go:216\] "PullImage from image service failed"/m,
		);
		const [, uid] = /ErrImagePull.*podUID=(\S+)$/m.exec(text)!;
		expect((await lab.run("kubectl get pod bad -o jsonpath='{.metadata.uid}'")).trim()).toBe(uid);
		expect(await on('worker', 'journalctl -u containerd -o cat -n 4')).toContain('PullImage');
	});

	test('is what systemctl shows the end of', async () => {
		const status = await on('worker', 'systemctl status kubelet');
		const pid = (await on('worker', 'pidof kubelet')).trim();
		expect(status).toContain(`Main PID: ${pid} (kubelet)`);
		expect(status.trimEnd().split('\n').at(-1)).toBe((await on('worker', 'journalctl -u kubelet -n 1 -q')).trim());
		expect(await on('worker', 'systemctl is-active kubelet')).toBe('active\n');
	});
});

describe('containers beside the nodes', () => {
	test('reach nodes by name and node ports by address from the network kind', async () => {
		expect(await lab.run('docker run --rm --network kind alpine ping -c 1 basic-worker')).toContain(
			'1 packets received',
		);
		const code = await lab.run(
			`docker run --rm --network kind curlimages/curl -s -o /dev/null -w '%{http_code}' http://172.18.0.3:32017`,
		);
		expect(code.trim().endsWith('200')).toBe(true);
		expect(await lab.run('docker run --rm --net kind alpine ping -c 1 basic-worker')).toContain('1 packets received');
		expect(await lab.run('docker run --rm --net constructor alpine true')).toContain('network constructor not found');
		expect(await lab.run('docker ps -aq')).toHaveLength(4 * 13);
	});

	test('do not reach them from another bridge: Docker keeps its networks apart', async () => {
		await lab.run('docker pull alpine');
		expect(await lab.run('docker run --rm alpine ping -c 1 -W 1 172.18.0.3')).toContain('100% packet loss');
		expect(await lab.run('sudo iptables -S FORWARD')).toContain('-j DOCKER-ISOLATION-STAGE-1');
	});

	test('serve, are published, and are gone when they are removed', async () => {
		await lab.run('docker run -d --name web --network kind -p 8080:80 nginx');
		expect(await lab.run('curl -sI localhost:8080')).toContain('200 OK');
		expect(await on('worker', 'curl -sI http://web')).toContain('200 OK');
		await lab.run('docker rm -f web');
		await lab.run('curl -sI -m 2 localhost:8080');
		expect(lab.code()).toBe(7);
	});

	test('share the network of a node, with tools the node does not have', async () => {
		expect(await on('worker', 'tcpdump --version')).toContain('command not found');
		const [, ip] = /eth0\S* +UP +(\S+)/.exec(
			await lab.run('docker run --rm --network container:basic-worker nicolaka/netshoot ip -br addr'),
		)!;
		expect(ip).toBe('172.18.0.3/16');
	});

	test('of an image without the program end with 127', async () => {
		await lab.run('docker pull alpine');
		await lab.run('docker run --rm alpine nosuch');
		expect(lab.code()).toBe(127);
	});
});

describe('what Docker publishes of a node', () => {
	test('is answered on the laptop: the API server, and a reset where nobody is behind', async () => {
		expect(await lab.run('curl -sk https://localhost:6443/version')).toContain('"gitVersion": "v1.24.0"');
		await lab.run('curl -s localhost:80');
		expect(lab.code()).toBe(56);
	});
});

describe('docker', () => {
	test('counts what a node received, and its processes', async () => {
		const stats = async () =>
			(await lab.run("docker stats --no-stream --format '{{.NetIO}} {{.PIDs}}' basic-worker")).trim();
		const [, , , pids] = (await stats()).split(' ');
		expect(await lab.run('docker exec basic-worker ps -e --no-headers -o pid | wc -l')).toBe(`${Number(pids) + 1}\n`);
		const before = await stats();
		await lab.run('ping -c 5 172.18.0.3');
		expect(await stats()).not.toBe(before);
	});

	test('has the log of a node: the address it found is its own', async () => {
		expect(await lab.run('docker logs basic-worker')).toContain('INFO: Detected IPv4 address: 172.18.0.3\n');
	});

	test('names an image by one digest, which pods report too', async () => {
		await lab.run('docker pull nginx');
		const digest = /sha256:[0-9a-f]{64}/.exec(await lab.run('docker images --digests nginx'))![0];
		await lab.run('kubectl run web --image=nginx && kubectl wait --for=condition=Ready pod/web --timeout=2m');
		expect(await lab.run("kubectl get pod web -o jsonpath='{.status.containerStatuses[0].imageID}'")).toBe(
			`docker.io/library/nginx@${digest}`,
		);
	});
});

describe('files of the kernel', () => {
	test('list the sockets ss lists, and the devices ip lists', async () => {
		const hex = (await on('worker', 'cat /proc/net/tcp')).match(/: [0-9A-F]{8}:([0-9A-F]{4}) 00000000:0000 0A/g)!;
		const ports = hex.map((text) => Number.parseInt(text.split(':')[2]!, 16)).sort();
		const shown = (await on('worker', 'ss -Htln')).match(/:(\d+) +0\.0\.0\.0/g)!;
		expect(ports).toEqual(shown.map((text) => Number(/\d+/.exec(text)![0])).sort());
		const iflink = (await on('worker', 'cat /sys/class/net/eth0/iflink')).trim();
		expect(await on('worker', 'ip link show eth0')).toContain(`eth0@if${iflink}:`);
		expect(await on('worker', 'ethtool -S eth0')).toContain(`peer_ifindex: ${iflink}\n`);
	});
});

describe('a node that was started again', () => {
	test('has new processes, a second sandbox for each pod that runs, and a kubelet that was there before them', async () => {
		await lab.run('docker stop basic-worker');
		expect(await lab.run("docker ps -a --filter name=basic-worker$ --format '{{.Status}}'")).toMatch(
			/^Exited \(130\) /,
		);
		await lab.run('docker start basic-worker && sleep 60');
		expect(await on('worker', 'crictl pods --name kube-proxy')).toMatch(/Ready +kube-proxy-\w+ +kube-system +1 /);
		const kubelet = await on('worker', 'pidof kubelet');
		expect(Number(kubelet)).toBeLessThan(Number(await on('worker', 'pgrep -o containerd-shim')));
		expect(await on('worker', 'journalctl -u kubelet -o cat')).toContain('"Node was previously registered"');
	});
});
