/** `docker inspect` of a container, as far as the lab knows (Engine API v1.41 ContainerInspect). */
import { type Container, knownDocker, type Lab } from '../../sim/lab/index.ts';
import { hashText } from '../../sim/linux/index.ts';
import { formatIp, formatMac } from '../../sim/wire/index.ts';
import { processesAt } from '../linux/index.ts';
import { imageSize, shownLabels, stateOf, writtenBy } from './format.ts';
import { imageCalled } from './image-called.ts';
import { exposedPorts, imageConfig } from './image-config.ts';
import { mountsOf } from './node-mounts.ts';
import { processOf } from './processes.ts';

/** 64 hex digits, the same as long as the container is on that network. */
export const endpointId = (network: string, container: string): string =>
	[1, 2, 3, 4, 5, 6, 7, 8]
		.map((seed) => hashText(seed, `${network} ${container}`).toString(16).padStart(8, '0'))
		.join('');

/** Names that Docker gives volumes for which nobody asked by name. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

type Bindings = Record<string, { HostIp: string; HostPort: string }[] | null>;

/** Each of its networks. */
function networksOf(container: Container, lab: Lab): Readonly<Record<string, unknown>> {
	const running = container.state === 'running';
	const out: Record<string, unknown> = {};
	for (const at of [container, ...(container.more ?? [])]) {
		if (at.network === '' || at.network.startsWith('container:')) continue;
		const network = lab.docker.networks().find((item) => item.name === at.network);
		const there = running && at.ip !== undefined;
		const named = !['bridge', 'host', 'none'].includes(at.network);
		out[at.network] = {
			IPAMConfig: at.wants?.ip === undefined ? (named ? {} : null) : { IPv4Address: formatIp(at.wants.ip) },
			Links: null,
			Aliases: named ? [...(at.aliases ?? []), container.id.slice(0, 12)] : null,
			NetworkID: network?.id ?? '',
			EndpointID: running ? endpointId(network?.id ?? '', container.id) : '',
			Gateway: there && network?.gateway !== undefined ? formatIp(network.gateway) : '',
			IPAddress: there ? formatIp(at.ip!) : '',
			IPPrefixLen: there ? Number(network?.subnet?.split('/')[1] ?? 0) : 0,
			IPv6Gateway: '',
			GlobalIPv6Address: '',
			GlobalIPv6PrefixLen: 0,
			MacAddress: there && at.mac !== undefined ? formatMac(at.mac) : '',
			DriverOpts: null,
		};
	}
	return out;
}

const time = (lab: Lab, micros: number | undefined): string =>
	micros === undefined
		? '0001-01-01T00:00:00Z'
		: new Date(Math.floor(lab.epoch * 1000 + micros / 1000)).toISOString().replace(/Z$/, '000000Z');

export const inspectContainer = (container: Container, lab: Lab, size = false): Readonly<Record<string, unknown>> => {
	const running = container.state === 'running';
	const node = Object.hasOwn(container.labels, 'io.x-k8s.kind.cluster');
	const bindings: Bindings = {};
	for (const port of container.ports) {
		const key = `${port.containerPort}/${port.protocol}`;
		bindings[key] = [...(bindings[key] ?? []), { HostIp: port.hostIp, HostPort: String(port.hostPort) }];
	}
	const exposed = exposedPorts(lab, container);
	const opened: Bindings = Object.fromEntries(exposed.map((port) => [port, null]));
	const process = processOf(lab, container);
	const entry = knownDocker(lab, container.id);
	const { settings } = entry ?? {};
	const image = imageConfig(container.base ?? container.image);
	const [path = '', ...args] = process?.spec.argv ?? container.command.split(' ');
	const mounts = mountsOf(lab, container);
	const bound = mounts.filter(({ type, name }) => type !== 'tmpfs' && !ANONYMOUS.test(name ?? ''));
	const anonymous = mounts.filter(({ name }) => name !== undefined && ANONYMOUS.test(name));
	const memory = mounts.filter(({ type }) => type === 'tmpfs');
	const [policy = '', most = '0'] = (process?.spec.restart ?? '').split(':');
	const { security, health } = settings ?? {};
	const env = entry?.state.env ?? image.env;
	const networks = networksOf(container, lab);
	// What is on the default network stands beside, as it did before there were others.
	const plain = (networks.bridge ?? {}) as Readonly<Record<string, string | number>>;
	const pid =
		processesAt(lab, { kind: 'laptop' }).find((p) => p.container === container.id || p.ns === `node/${container.name}`)
			?.pid ?? 0;
	const files = `/var/lib/docker/containers/${container.id}`;
	return {
		Id: container.id,
		Created: time(lab, container.created),
		Path: path,
		Args: args,
		State: {
			Status: stateOf(container),
			Running: running,
			Paused: container.paused === true,
			Restarting: container.restarting === true,
			OOMKilled: (entry?.kills ?? 0) > 0 && !running,
			Dead: false,
			Pid: running ? pid : 0,
			ExitCode: running ? 0 : (container.exitCode ?? 0),
			Error: process?.fault ?? '',
			StartedAt: time(lab, container.started),
			FinishedAt: time(lab, container.finished),
			...(entry?.health
				? {
						Health: {
							Status: entry.health.status,
							FailingStreak: entry.health.failing,
							Log: entry.health.log.map(({ start, end, code, output }) => ({
								Start: time(lab, start),
								End: time(lab, end),
								ExitCode: code,
								Output: output,
							})),
						},
					}
				: {}),
		},
		Image: imageCalled(lab, container.image)?.id ?? container.image,
		ResolvConfPath: `${files}/resolv.conf`,
		HostnamePath: `${files}/hostname`,
		HostsPath: `${files}/hosts`,
		LogPath: `${files}/${container.id}-json.log`,
		Name: `/${container.name}`,
		RestartCount: process?.restarts ?? 0,
		Driver: 'overlay2',
		Platform: 'linux',
		MountLabel: '',
		ProcessLabel: '',
		AppArmorProfile: node || security?.privileged ? 'unconfined' : 'docker-default',
		ExecIDs: null,
		HostConfig: {
			Binds: bound.length > 0 ? bound.map((m) => `${m.name ?? m.source}:${m.target}${m.readOnly ? ':ro' : ''}`) : null,
			ContainerIDFile: '',
			LogConfig: { Type: 'json-file', Config: {} },
			NetworkMode: settings?.network ?? (container.network === 'bridge' ? 'default' : container.network),
			PortBindings: bindings,
			RestartPolicy: { Name: policy === '' ? (node ? 'on-failure' : 'no') : policy, MaximumRetryCount: Number(most) },
			AutoRemove: Object.hasOwn(container.labels, '\0rm'),
			VolumeDriver: '',
			VolumesFrom: null,
			CapAdd: security?.capabilities?.add?.length ? security.capabilities.add : null,
			CapDrop: security?.capabilities?.drop?.length ? security.capabilities.drop : null,
			CgroupnsMode: 'private',
			Dns: settings?.resolver?.servers ?? [],
			DnsOptions: settings?.resolver?.options ?? [],
			DnsSearch: settings?.resolver?.searches ?? [],
			ExtraHosts: settings?.hosts?.map((line) => line.trim().split(/\s+/).reverse().join(':')) ?? null,
			GroupAdd: null,
			IpcMode: 'private',
			Cgroup: '',
			Links: null,
			OomScoreAdj: 0,
			PidMode: '',
			Privileged: node || security?.privileged === true,
			PublishAllPorts: false,
			ReadonlyRootfs: security?.readOnlyRootFilesystem === true,
			SecurityOpt: node ? ['seccomp=unconfined', 'apparmor=unconfined', 'label=disable'] : null,
			...(memory.length > 0 ? { Tmpfs: Object.fromEntries(memory.map(({ target }) => [target, ''])) } : {}),
			UTSMode: '',
			UsernsMode: '',
			ShmSize: settings?.shm ?? 67_108_864,
			Runtime: 'runc',
			Isolation: '',
			CpuShares: 0,
			Memory: settings?.memory ?? 0,
			NanoCpus: settings?.cpus ?? 0,
			CgroupParent: '',
			CpuPeriod: 0,
			CpuQuota: 0,
			CpusetCpus: '',
			CpusetMems: '',
			Devices: [],
			MemoryReservation: 0,
			MemorySwap: (settings?.memory ?? 0) * 2,
			MemorySwappiness: null,
			OomKillDisable: null,
			PidsLimit: null,
			Ulimits: null,
		},
		...(size
			? { SizeRw: writtenBy(container, lab), SizeRootFs: writtenBy(container, lab) + imageSize(container, lab) }
			: {}),
		Mounts: mounts
			.filter(({ type }) => type !== 'tmpfs')
			.map(({ type, name, source, target, readOnly }) => ({
				Type: type,
				...(name === undefined ? {} : { Name: name }),
				Source: source,
				Destination: target,
				...(name === undefined ? {} : { Driver: 'local' }),
				Mode: readOnly ? 'ro' : type === 'bind' || ANONYMOUS.test(name ?? '') ? '' : 'z',
				RW: !readOnly,
				Propagation: type === 'bind' ? 'rprivate' : '',
			})),
		Config: {
			Hostname: node ? container.name : (container.hostname ?? container.id.slice(0, 12)).split('.')[0],
			Domainname: container.hostname?.includes('.') ? container.hostname.replace(/^[^.]*\./, '') : '',
			User: security?.runAsUser === undefined ? image.user : String(security.runAsUser),
			AttachStdin: false,
			AttachStdout: settings?.attached === true,
			AttachStderr: settings?.attached === true,
			...(exposed.length > 0 ? { ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])) } : {}),
			Tty: node || settings?.tty === true,
			OpenStdin: settings?.stdin === true,
			StdinOnce: settings?.stdin === true && settings.attached === true,
			Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
			Cmd: settings?.args ?? (settings?.command ? null : (image.cmd ?? null)),
			...(health
				? {
						Healthcheck: {
							Test: ['CMD-SHELL', health.command],
							Interval: health.interval * 1000,
							Timeout: health.timeout * 1000,
							...(health.startPeriod > 0 ? { StartPeriod: health.startPeriod * 1000 } : {}),
							Retries: health.retries,
						},
					}
				: {}),
			Image: container.image,
			Volumes: anonymous.length > 0 ? Object.fromEntries(anonymous.map(({ target }) => [target, {}])) : null,
			WorkingDir: settings?.directory ?? image.directory,
			Entrypoint: settings?.command ?? image.entrypoint ?? null,
			OnBuild: null,
			Labels: shownLabels(container),
			...((settings?.stopSignal ?? image.signal) ? { StopSignal: settings?.stopSignal ?? image.signal } : {}),
			...(settings?.stopTimeout === undefined ? {} : { StopTimeout: settings.stopTimeout }),
		},
		NetworkSettings: {
			Bridge: '',
			HairpinMode: false,
			LinkLocalIPv6Address: '',
			LinkLocalIPv6PrefixLen: 0,
			Ports: running ? { ...opened, ...bindings } : {},
			SecondaryIPAddresses: null,
			SecondaryIPv6Addresses: null,
			EndpointID: plain.EndpointID ?? '',
			Gateway: plain.Gateway ?? '',
			GlobalIPv6Address: '',
			GlobalIPv6PrefixLen: 0,
			IPAddress: plain.IPAddress ?? '',
			IPPrefixLen: plain.IPPrefixLen ?? 0,
			IPv6Gateway: '',
			MacAddress: plain.MacAddress ?? '',
			Networks: networks,
		},
	};
};
