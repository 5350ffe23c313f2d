/**
 * What each image brings beside its system: packages by their names in `DEBIAN`, and files of its own in the same short
 * form. Of the images' Dockerfiles: kind images/base @ v0.14.0, cilium images/{runtime,cilium} @ v1.12, nicolaka/netshoot
 * @ v0.8, docker-library's nginx 1.23, httpd 2.4.54, redis 7.0, postgres 14, python 3.10, node 18, golang 1.19.
 */
interface Brought {
	readonly packages?: readonly string[];
	readonly files?: string;
}

const words = (text: string): readonly string[] => text.split(' ');

/** Packages that every Debian and Ubuntu has, however small its image is. */
export const OF_BASE = words(
	'adduser apt base-passwd bash bsdutils coreutils dash debconf debianutils diffutils dpkg e2fsprogs findutils gpgv grep gzip hostname init-system-helpers libc-bin libpam-modules-bin libpam-runtime login logsave mawk mount ncurses-bin passwd perl-base sed sysvinit-utils tar util-linux util-linux-extra',
);

/** The learner's machine: Ubuntu 22.04, with what the course has people install. */
export const LAPTOP = {
	packages: words(
		'bc bind9-dnsutils bind9-host bpftool bsdextrautils bzip2 ca-certificates conntrack cron curl docker ethtool file gettext-base git gpg groff-base iproute2 ipset iptables iputils-arping iputils-ping iputils-tracepath jq kmod less locales lsb-release lsof man-db mtr nano net-tools netcat nftables openssh-client openssl patch procps psmisc python3 rsync sensible-utils strace sudo systemd systemd-sysv tcpdump telnet time tmux traceroute tree ucf udev unzip vim wget xxd xz-utils zip',
	),
	files:
		'L kubectl:r7okg k>kubectl helm:r4h8g kind:3t0ps cilium:103pts hubble:pb5s0 yq:5ftc0|B run-mailcap:9mp edit>run-mailcap ubuntu-advantage:l2 pro>ubuntu-advantage snap:bxhq8 unminimize:5m7',
} as const;

/** `kindest/node`. */
export const NODE = {
	packages: words(
		'ca-certificates conntrack curl ebtables ethtool fuse-overlayfs iproute2 iptables jq kmod nfs openssl pigz procps rsync socat systemd systemd-sysv',
	),
	files:
		'L clean-install:jk containerd:vwrcs containerd-fuse-overlayfs-grpc:d4rk0 containerd-shim-runc-v2:6nlog create-kubelet-cgroup-v2:m1 crictl:hd2rk ctr:gqb9c entrypoint:dqk mount-product-files.sh:mw|l runc:7s0y8|B kubeadm:qgo1s kubectl:r7okg kubelet:1x4y4w',
} as const;

/** What is in Alpine's image beside busybox (alpine-baselayout, apk-tools, musl-utils, libc-utils, scanelf, ssl_client). */
export const ALPINE =
	's apk:1fs8 ldconfig:ac mkmntdirs:ayg|B getconf:nz0 getent:15a4 iconv:b7k ldd:a ldd>/lib/ld-musl-x86_64.so.1 scanelf:1qtc ssl_client:b80';

/** buildpack-deps: what the large images of languages are made from. */
const BUILD = words(
	'binutils bzip2 ca-certificates curl file git gpg less make openssh-client openssl patch procps unzip wget xz-utils',
);
const COMPILERS =
	'B gcc:pgw8 g++:pgxc cc>gcc c++>g++ cpp:pgzk autoconf:bdw automake:5gzq autoreconf:g2b libtoolize:2sjz m4:3lc4 pkg-config:1a2w hg:3u svn:67ns svnadmin:1tvk perl perldoc prove xml2-config mysql_config pg_config sq imagemagick convert identify';

/** By the last part of an image's name. */
export const IN_IMAGES: Readonly<Record<string, Brought>> = {
	nginx: {
		packages: words('ca-certificates curl gettext-base openssl'),
		files: 'S nginx:v2m0 nginx-debug:12hrk',
	},
	'nginx-unprivileged': {
		packages: words('ca-certificates curl gettext-base openssl'),
		files: 'S nginx:v2m0 nginx-debug:12hrk',
	},
	httpd: {
		packages: words('ca-certificates openssl'),
		files:
			'A ab apachectl:2t7 apxs:i3r checkgid dbmmanage:70r envvars:ps envvars-std:ps fcgistarter htcacheclean htdbm htdigest htpasswd httpd:h3c0 httxt2dbm logresolve rotatelogs suexec|L httpd-foreground:3u',
	},
	redis: {
		files:
			'L docker-entrypoint.sh:gl gosu:13ozk redis-benchmark:4ewgo redis-check-aof>redis-server redis-check-rdb>redis-server redis-cli:4o3tc redis-sentinel>redis-server redis-server:8kq3k',
	},
	postgres: {
		packages: words('xz-utils'),
		files:
			'L docker-entrypoint.sh:8qj docker-ensure-initdb.sh gosu:13ozk|B psql>../share/postgresql-common/pg_wrapper createdb>../share/postgresql-common/pg_wrapper createuser>../share/postgresql-common/pg_wrapper dropdb>../share/postgresql-common/pg_wrapper pg_dump>../share/postgresql-common/pg_wrapper pg_dumpall>../share/postgresql-common/pg_wrapper pg_isready>../share/postgresql-common/pg_wrapper pg_restore>../share/postgresql-common/pg_wrapper pg_lsclusters vacuumdb>../share/postgresql-common/pg_wrapper|P initdb:3dts pg_ctl:1cmw postgres:4tkp4 psql:flmw pg_dump:92gg pg_isready:1b0g createdb:1h1s',
	},
	memcached: { files: 'L docker-entrypoint.sh:8g memcached:akl4' },
	haproxy: { files: 'l haproxy:9v6h8|L docker-entrypoint.sh:i4' },
	mariadb: {
		packages: words('gpg openssl xz-utils'),
		files:
			'L docker-entrypoint.sh:c9e healthcheck.sh:6zk gosu:13ozk|B mariadb:2jxmw mysql>mariadb mariadb-admin:2g9v4 mysqladmin>mariadb-admin mariadb-dump:2icnk mysqldump>mariadb-dump pwgen:hmg|S mariadbd:g6uyo mysqld>mariadbd',
	},
	mongo: {
		files:
			'L docker-entrypoint.sh:a7b docker-entrypoint-initdb.sh gosu:13ozk|B mongod:21rg4g mongos:1ixrds mongosh:1me5cw mongodump:4d4e0 mongorestore:4g8mo mongoexport mongoimport mongostat mongotop jq:nrk',
	},
	python: {
		packages: BUILD,
		files: `L 2to3>2to3-3.10 2to3-3.10:30 idle3>idle3.10 idle3.10:2u pip:6k pip3:6k pip3.10:6k pydoc3>pydoc3.10 pydoc3.10:2f python>python3 python3>python3.10 python3.10:b40 python3-config>python3.10-config python3.10-config:2g4 wheel:67|${COMPILERS}`,
	},
	node: {
		packages: BUILD,
		files: `L corepack>../lib/node_modules/corepack/dist/corepack.js docker-entrypoint.sh:an node:1hj0vs nodejs>node npm>../lib/node_modules/npm/bin/npm-cli.js npx>../lib/node_modules/npm/bin/npx-cli.js yarn>/opt/yarn-v1.22.19/bin/yarn yarnpkg>/opt/yarn-v1.22.19/bin/yarnpkg|B python3>python3.9 python3.9:38u08|${COMPILERS}`,
	},
	golang: { packages: BUILD, files: `G go:8ti6o gofmt:1v5p4|${COMPILERS}` },
	ruby: {
		packages: BUILD,
		files: `L bundle:dv bundler:dv erb:dk gem:5f irb:dm racc rake:do rbs rdbg rdoc:dm ri:di ruby:b40 typeprof|${COMPILERS}`,
	},
	php: {
		packages: BUILD,
		files: `L docker-php-entrypoint:6x docker-php-ext-configure:1zg docker-php-ext-enable:29w docker-php-ext-install:2co docker-php-source:s7 pear:nq peardev:oj pecl:k8 phar>phar.phar phar.phar:bhg php:7lrj4 php-config:37c phpdbg:7onuo phpize:3ld|${COMPILERS}`,
	},
	perl: {
		packages: BUILD,
		files: `L corelist cpan cpanm enc2xs h2ph h2xs json_pp perl:1unyo perldoc prove|${COMPILERS}`,
	},
	cilium: {
		packages: words('iproute2 ipset iptables kmod'),
		files:
			'B cilium cilium-agent:1ghzi8 cilium-bugtool:cmu5c cilium-dbg cilium-health:hj3pc cilium-health-responder:6pq5s cilium-mount:1lbhs cilium-sysctlfix:33pmo clang:1rm2hc gops:7hqps hubble:pb5s0 jq:nrk llc:11b59c|L bpftool:wdmo|C cilium-cni loopback:1ymq0|b tini:fy0 bash-completion',
	},
	'jessie-dnsutils': { packages: words('bind9-dnsutils bind9-host curl iproute2 procps') },
	netshoot: {
		files:
			'b bash:dmos bird|B ab apr-1-config bridge conntrack:1wyo conntrackd curl:4zi8 delv dhcping dig:39w0 drill:b4w dumpcap file:ex4 fping git:22ub4 grpcurl host:2nf4 http https ipvsadm iperf:17zk iperf3:aaw jq:a9c ltrace mtr mtr-packet nc.openbsd:y6o ncat ngrep nmap:1p1hc nping nslookup:2lzc nsupdate oping noping openssl:gv1c perl pip3 python3:aaw rrdtool scapy snmpget snmpwalk socat:7hzk speedtest-cli ssh:ghz4 sshd ssh-keygen scp sftp strace:w6lc swaks tcptraceroute telnet termshark tshark:6vz4 ttyd vim:1h2lc websocat xtables-nft-multi zsh:i6io|S arptables brctl iftop iptraf-ng nft:k6o tcpdump:mrr4 httpd ftpd telnetd|s ebtables ethtool:6v9c ip:bmq8 ip6tables>xtables-nft-multi ip6tables-restore>xtables-nft-multi ip6tables-save>xtables-nft-multi ipset:55s iptables>xtables-nft-multi iptables-legacy>xtables-legacy-multi iptables-restore>xtables-nft-multi iptables-save>xtables-nft-multi ss:2b4w tc:9zyo xtables-nft-multi:3xqw xtables-legacy-multi:1tvk|L calicoctl:108h34 ctop:6qq80 fortio grpcurl:8l7i8 termshark',
	},
	bash: { files: 'L bash:n1hc bashbug:5b4' },
	'alpine-curl': { files: 'B curl:4zi8' },
	curl: { files: 'B curl:4zi8' },
	agnhost: {
		files: 'b bash:dmos|B curl:4zi8 dig:39w0 host:2nf4 iperf:17zk nslookup:2lzc|s ip:bmq8 iptables ss:2b4w tc:9zyo',
	},
};
