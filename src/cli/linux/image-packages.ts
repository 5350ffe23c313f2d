/** Packages: the tools in them, the images that have them, and Debian's and Ubuntu's names of them. */

/** What brings a set of tools along. */
export type Package =
	| 'base' // hostname, uname
	| 'iproute2'
	| 'net-tools'
	| 'tcpdump'
	| 'iptables'
	| 'conntrack'
	| 'curl'
	| 'wget'
	| 'iputils-ping'
	| 'iputils-tracepath'
	| 'iputils-arping'
	| 'traceroute'
	| 'mtr-tiny'
	| 'dnsutils'
	| 'netcat'
	| 'bpftool'
	| 'kmod'
	| 'procps'
	| 'systemd'
	| 'systemd of Docker'
	| 'cri-tools'
	| 'containerd'
	| 'sysvinit-utils'
	| 'psmisc'
	| 'perl'
	| 'node'
	| 'php'
	| 'golang'
	| 'ruby'
	| 'mysql'
	| 'mongo'
	| 'stress'
	| 'util-linux'
	| 'apt'
	| 'busybox'
	| 'ethtool'
	| 'kube-apiserver'
	| 'kube-controller-manager'
	| 'kube-scheduler'
	| 'kube-proxy'
	| 'etcd server'
	| 'lsof'
	| 'telnet'
	| 'ipset'
	| 'nano'
	| 'vim'
	| 'mailcap'
	| 'nginx'
	| 'python'
	| 'netshoot'
	| 'kubeadm'
	| 'etcd'
	| 'redis'
	| 'postgres'
	| 'libc-bin'
	| 'openssl';

export const TOOLS: Readonly<Record<Package, readonly string[]>> = {
	base: ['hostname', 'uname'],
	iproute2: ['ip', 'ss', 'bridge', 'tc', 'nstat'],
	'net-tools': ['ifconfig', 'route', 'arp', 'netstat'],
	tcpdump: ['tcpdump'],
	iptables: ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save'],
	conntrack: ['conntrack'],
	curl: ['curl'],
	wget: ['wget'],
	'iputils-ping': ['ping'],
	'iputils-tracepath': ['tracepath'],
	'iputils-arping': ['arping'],
	traceroute: ['traceroute'],
	'mtr-tiny': ['mtr'],
	dnsutils: ['dig', 'nslookup', 'host'],
	netcat: ['nc'],
	bpftool: ['bpftool'],
	kmod: ['lsmod'],
	procps: ['sysctl', 'ps', 'pgrep', 'pkill', 'top'],
	'sysvinit-utils': ['pidof'],
	psmisc: ['killall'],
	perl: ['perl'],
	node: ['node', 'npm', 'npx', 'yarn'],
	php: ['php'],
	golang: ['go', 'gofmt'],
	ruby: ['ruby', 'irb', 'gem'],
	mysql: ['mysql', 'mysqladmin', 'mysqldump'],
	mongo: ['mongosh', 'mongodump'],
	stress: ['stress'],
	systemd: ['systemctl', 'journalctl'],
	'systemd of Docker': ['systemctl'],
	'cri-tools': ['crictl'],
	containerd: ['ctr'],
	'util-linux': ['nsenter', 'lsns'],
	apt: ['apt-get', 'apt'],
	// Applets of busybox 1.35 as Alpine builds it.
	busybox: [
		'hostname',
		'httpd',
		'uname',
		'ip',
		'ifconfig',
		'route',
		'arp',
		'netstat',
		'ping',
		'traceroute',
		'nslookup',
		'nc',
		'wget',
		'sysctl',
		'nsenter',
		'lsmod',
		'arping',
		'vi',
		'ps',
		'pgrep',
		'pkill',
		'killall',
		'pidof',
		'top',
	],
	ethtool: ['ethtool'],
	lsof: ['lsof'],
	telnet: ['telnet'],
	ipset: ['ipset'],
	nano: ['nano'],
	vim: ['vim', 'vi'],
	mailcap: ['edit'],
	nginx: ['nginx'],
	python: ['python3'],
	// nicolaka/netshoot Dockerfile @ v0.8: what the simulator has not.
	netshoot: [
		'ab',
		'bird',
		'calicoctl',
		'dhcping',
		'drill',
		'file',
		'fping',
		'grpcurl',
		'http',
		'https',
		'httping',
		'iftop',
		'iperf',
		'iperf3',
		'iptraf-ng',
		'ipvsadm',
		'ltrace',
		'nft',
		'ngrep',
		'nmap',
		'nping',
		'oping',
		'noping',
		'scapy',
		'snmpget',
		'snmpwalk',
		'socat',
		'speedtest-cli',
		'ssh',
		'strace',
		'swaks',
		'tcptraceroute',
		'termshark',
		'tshark',
		'websocat',
	],
	kubeadm: ['kubeadm', 'kubelet'],
	etcd: ['etcdctl'],
	'etcd server': ['etcd', 'etcdutl'],
	'kube-apiserver': ['kube-apiserver'],
	'kube-controller-manager': ['kube-controller-manager'],
	'kube-scheduler': ['kube-scheduler'],
	'kube-proxy': ['kube-proxy'],
	redis: ['redis-cli'],
	postgres: ['psql'],
	'libc-bin': ['getent'],
	openssl: ['openssl'],
};

/** Packages nothing of which is simulated. */
const ABSENT: readonly Package[] = ['node', 'php', 'golang', 'ruby', 'mysql', 'mongo', 'netshoot', 'postgres'];

export const LAPTOP: readonly Package[] = [
	'base',
	'iproute2',
	'net-tools',
	'tcpdump',
	'iptables',
	'conntrack',
	'curl',
	'wget',
	'iputils-ping',
	'iputils-tracepath',
	'iputils-arping',
	'traceroute',
	'mtr-tiny',
	'dnsutils',
	'netcat',
	'bpftool',
	'kmod',
	'procps',
	'sysvinit-utils',
	'psmisc',
	'systemd of Docker',
	'util-linux',
	'ethtool',
	'lsof',
	'telnet',
	'ipset',
	'nano',
	'vim',
	'mailcap',
	'libc-bin',
	'openssl',
];

/** kubernetes-sigs/kind images/base/Dockerfile @ v0.14.0: what it installs, and what its base has. */
export const KIND_NODE: readonly Package[] = [
	'base',
	'iproute2',
	'iptables',
	'conntrack',
	'curl',
	'ethtool',
	'kmod',
	'procps',
	'sysvinit-utils',
	'systemd',
	'cri-tools',
	'containerd',
	'util-linux',
	'apt',
	'libc-bin',
	'openssl',
	'kubeadm',
];

const DEBIAN: readonly Package[] = ['base', 'apt', 'sysvinit-utils', 'util-linux', 'libc-bin'];
/** Ubuntu's image has procps besides. */
const UBUNTU: readonly Package[] = [...DEBIAN, 'procps'];

/** Of what the laptop has, netshoot has busybox's, or nothing (nicolaka/netshoot Dockerfile @ v0.8: Alpine's packages). */
const NOT_IN_NETSHOOT: ReadonlySet<Package> = new Set([
	'base',
	'kmod',
	'bpftool',
	'wget',
	'nano',
	'mailcap',
	'net-tools',
	'procps',
	'psmisc',
	'sysvinit-utils',
	'systemd of Docker',
	'traceroute',
]);

/** By the last part of an image's name. */
export const IMAGES: Readonly<Record<string, readonly Package[]>> = {
	// cilium images/runtime/install-runtime-deps.sh and images/cilium/Dockerfile @ v1.12.
	// On Ubuntu, whose image has procps.
	cilium: ['base', 'iproute2', 'iptables', 'ipset', 'bpftool', 'kmod', 'procps', 'sysvinit-utils', 'util-linux'],
	netshoot: [...LAPTOP.filter((name) => !NOT_IN_NETSHOOT.has(name)), 'busybox', 'netshoot'],
	alpine: ['busybox'],
	busybox: ['busybox', 'telnet'],
	'alpine-curl': ['busybox', 'curl'],
	curl: ['busybox', 'curl'],
	stress: ['busybox', 'stress'],
	nginx: [...DEBIAN, 'curl', 'nginx'],
	'nginx-unprivileged': [...DEBIAN, 'curl', 'nginx'],
	'nginx-slim': [...UBUNTU, 'curl', 'nginx'],
	httpd: DEBIAN,
	debian: DEBIAN,
	ubuntu: UBUNTU,
	python: [...DEBIAN, 'curl', 'wget', 'python'],
	echoserver: [...DEBIAN, 'curl'],
	agnhost: ['busybox', 'curl', 'dnsutils', 'iproute2', 'iptables', 'iputils-ping'],
	// registry.k8s.io/build-image/debian-iptables.
	'kube-proxy': ['base', 'iptables', 'conntrack', 'kmod', 'kube-proxy'],
	// One program each, and nothing else (build/server-image).
	'kube-apiserver': ['kube-apiserver'],
	'kube-controller-manager': ['kube-controller-manager'],
	'kube-scheduler': ['kube-scheduler'],
	kindnetd: ['base', 'iptables'],
	'json-mock': ['busybox', 'curl'],
	netperf: ['busybox'],
	// kubernetes test/images/jessie-dnsutils/Dockerfile @ v1.24.0.
	'jessie-dnsutils': [...DEBIAN, 'dnsutils', 'curl', 'procps', 'iproute2'],
	dnsutils: ['busybox', 'dnsutils'],
	redis: [...DEBIAN, 'redis'],
	postgres: [...DEBIAN, 'postgres'],
	etcd: ['etcd', 'etcd server'],
	memcached: DEBIAN,
	haproxy: DEBIAN,
	php: [...DEBIAN, 'curl', 'php'],
	node: [...DEBIAN, 'curl', 'wget', 'procps', 'node'],
	golang: [...DEBIAN, 'curl', 'wget', 'procps', 'golang'],
	perl: [...DEBIAN, 'curl', 'wget', 'procps', 'perl'],
	ruby: [...DEBIAN, 'curl', 'wget', 'procps', 'ruby'],
	mysql: ['base', 'mysql'],
	mariadb: [...DEBIAN, 'mysql'],
	mongo: [...UBUNTU, 'mongo'],
};

/** Images whose `alpine` tag is another system. */
export const ON_ALPINE: Readonly<Record<string, readonly Package[]>> = {
	nginx: ['busybox', 'curl', 'nginx'],
	'nginx-unprivileged': ['busybox', 'curl', 'nginx'],
	httpd: ['busybox'],
	python: ['busybox', 'python'],
	redis: ['busybox', 'redis'],
	postgres: ['busybox'],
	memcached: ['busybox'],
	haproxy: ['busybox'],
	php: ['busybox', 'curl', 'php'],
	node: ['busybox', 'node'],
	golang: ['busybox', 'golang'],
	ruby: ['busybox', 'ruby'],
};

/** Programs that places have and the simulator has not. */
export const UNMODELLED: readonly string[] = [...ABSENT.flatMap((name) => TOOLS[name])];

/** Debian's and Ubuntu's names of packages, and what is in them; the empty list for those with nothing we know. */
export const DEBIAN_PACKAGES: Readonly<Record<string, readonly Package[]>> = {
	iproute2: ['iproute2'],
	'net-tools': ['net-tools'],
	tcpdump: ['tcpdump'],
	iptables: ['iptables'],
	conntrack: ['conntrack'],
	curl: ['curl'],
	wget: ['wget'],
	'iputils-ping': ['iputils-ping'],
	'iputils-tracepath': ['iputils-tracepath'],
	'iputils-arping': ['iputils-arping'],
	traceroute: ['traceroute'],
	'mtr-tiny': ['mtr-tiny'],
	mtr: ['mtr-tiny'],
	dnsutils: ['dnsutils'],
	'bind9-dnsutils': ['dnsutils'],
	netcat: ['netcat'],
	'netcat-openbsd': ['netcat'],
	bpftool: ['bpftool'],
	'linux-tools-generic': ['bpftool'],
	kmod: ['kmod'],
	procps: ['procps'],
	psmisc: ['psmisc'],
	lrzsz: [],
	vim: ['vim'],
	nano: ['nano'],
	less: [],
	jq: [],
	ethtool: ['ethtool'],
	lsof: ['lsof'],
	telnet: ['telnet'],
	ipset: ['ipset'],
	ipvsadm: [],
	iperf3: [],
};
