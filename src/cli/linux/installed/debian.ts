/**
 * Programs of Debian's and Ubuntu's packages: where each is, how large, with which mode, or what it is a link to. Of the
 * packages' lists of files in Debian 12; other releases have nearly the same names, and other sizes.
 *
 * A package is folders, parted by `|`: `b` /bin, `B` /usr/bin, `s` /sbin, `S` /usr/sbin, `L` /usr/local/bin; behind the
 * letter its files: `name:size` in base 36, `.mode` where that is not 755, or `name>target`.
 */
export const DEBIAN: Readonly<Record<string, string>> = {
	bash: 'b bash:r4kw rbash>bash|B bashbug:5ap clear_console:b6g',
	bsdutils: 'B logger:17dk renice:baw script:1jjs scriptlive:16wo scriptreplay:10l4 wall:u9k',
	coreutils:
		'b cat:xyo chgrp:1gz4 chmod:1drk chown:1k4w cp:38mo date:2m28 dd:1wuw df:26uw dir:38s0 echo:xu8 false:rio ln:1k6w ls:38s0 mkdir:239s mknod:1k9c mktemp:xww mv:32bc pwd:xww readlink:147k rm:1k4w rmdir:17e8 sleep:xv4 stty:1tlc sync:uq8 touch:2ckw true:rio uname:xv4 vdir:38s0|B [:1guo arch:xv4 b2sum:1als base32:111s base64:111s basename:xu8 basenc:17dc chcon:1h0w cksum:31v4 comm:112o csplit:2m5s cut:114g dircolors:148g dirname:uog du:3rdc env:11g8 expand:xww expr:2iwg factor:1tqo fmt:111s fold:xw0 groups:xw0 head:113k hostid:uog id:115c install:3f3s join:17g0 link:uog logname:uog md5sum:149c mkfifo:1h2o nice:xv4 nl:2fsg nohup:xw0 nproc:xw0 numfmt:1gy8 od:1qfk paste:xw0 pathchk:xv4 pinky:1168 pr:1qi8 printenv:rio printf:1dps ptx:2yuo realpath:148g runcon:xxs seq:1ak0 sha1sum:17f4 sha224sum:1akw sha256sum:1akw sha384sum:1dqo sha512sum:1dqo shred:1dw0 shuf:1als sort:2jeg split:1b20 stat:2380 stdbuf:1ak0 sum:149k tac:2fqo tail:1ndc tee:xxs test:1aj4 timeout:11iw tr:17dc truncate:xw0 tsort:17dc tty:rjk unexpand:xww uniq:113k unlink:uog users:uq8 wc:14c8 who:1amo whoami:upc yes:uog|S chroot:114g',
	dash: 'b dash:2oy0 sh>dash',
	debianutils:
		'b run-parts:l9k tempfile:b7c|s installkernel:21v|B ischroot:bbc savelog:83b which.debianutils:qa which>which.debianutils|S add-shell:t9 remove-shell:uv update-shells:32o',
	diffutils: 'B cmp:149c diff:3brk diff3:1h1s sdiff:17io',
	dpkg: 's start-stop-daemon:yb4|B dpkg:6tg0 dpkg-deb:3nkg dpkg-divert:3e48 dpkg-maintscript-helper:gd2 dpkg-query:3hao dpkg-realpath:38a dpkg-split:2rxs dpkg-statoverride:1d8w dpkg-trigger:1wc0 update-alternatives:1a2o|S dpkg-fsys-usrunmess:dfd',
	e2fsprogs:
		's badblocks:r28 debugfs:54r4 dumpe2fs:ny8 e2fsck:7n68 e2image:170w e2scrub:5mm e2scrub_all:45u e2undo:hmg mke2fs:31hs resize2fs:1d88 tune2fs:2ihc e2label>tune2fs e2mmpstatus>dumpe2fs fsck.ext2>e2fsck fsck.ext3>e2fsck fsck.ext4>e2fsck mkfs.ext2>mke2fs mkfs.ext3>mke2fs mkfs.ext4>mke2fs|B chattr:b94 lsattr:b94|S e2freefrag:baw e4crypt:ks8 e4defrag:nw0 filefrag:efc mklost+found:b8w',
	findutils: 'B find:4ths xargs:1jns',
	grep: 'b egrep:15 fgrep:15 grep:4cr4|B rgrep:u',
	gzip: 'b gunzip:1t6 gzexe:4z3 gzip:23q0 uncompress:1t6 zcat:1j4 zcmp:1am zdiff:4zg zegrep:t zfgrep:t zforce:1lt zgrep:693 zless:1pa zmore:1f6 znew:3j5',
	hostname: 'b hostname:hi0 dnsdomainname>hostname domainname>hostname nisdomainname>hostname ypdomainname>hostname',
	'init-system-helpers':
		'B deb-systemd-helper:ism deb-systemd-invoke:4td|S invoke-rc.d:cqt service:70r update-rc.d:dou',
	login: 'b login:14ww|B faillog:hsw lastlog:p34 newgrp:11q8.4755 sg>newgrp|S nologin:b8o',
	logsave: 's logsave:b4o',
	mawk: 'B mawk:3e7c awk>mawk nawk>mawk',
	mount: 'b mount:1a2g.4755 umount:r3s.4755|s losetup:2ieo swapoff:hmg swapon:13qw',
	'ncurses-bin':
		'B clear:b94 infocmp:1d8g tabs:eeo tic:1zds toe:hkg tput:kr4 tset:nw8 captoinfo>tic infotocap>tic reset>tset',
	passwd:
		's shadowconfig:1r5|B chage:1q0o.2755 chfn:1ccw.4755 chsh:14sw.4755 expiry:o28.2755 gpasswd:1wa8.4755 passwd:1gns.4755|S chgpasswd:1gdk chpasswd:1d9s cppw:1bqw groupadd:2694 groupdel:1wmg groupmems:1geo groupmod:2688 grpck:1gds grpconv:19xs grpunconv:19xs newusers:29bk pwck:1a14 pwconv:16rs pwunconv:16sw useradd:3f3k userdel:2fns usermod:35gw vipw:1le8 cpgr>cppw vigr>vipw',
	'perl-base': 'B perl:29mpc',
	sed: 'b sed:2pjs',
	'sysvinit-utils': 's fstab-decode:b8w killall5:ksg|b pidof>killall5',
	tar: 'b tar:behc|S rmt-tar:1amo tarcat:q0',
	'util-linux':
		'b dmesg:1weo findmnt:1u1s lsblk:4fuo more:1a2o mountpoint:ego su:1jk0.4755 wdctl:1jko|s agetty:1hbs blkdiscard:r40 blkid:2oo0 blkzone:1pvk blockdev:1pvk chcpu:10l4 ctrlaltdel:u9k findfs:baw fsck:16y8 fsck.cramfs:xh4 fsck.minix:2ons fsfreeze:baw fstrim:1mps isosize:ny8 mkfs:baw mkfs.bfs:r40 mkfs.cramfs:xdk mkfs.minix:2f60 mkswap:2ibk pivot_root:baw runuser:1jk0 sulogin:16ww swaplabel:ego switch_root:ego wipefs:10lc zramctl:2ieo getty>agetty|B addpart:ny8 choom:16ww chrt:1ge8 delpart:ny8 fallocate:r40 flock:r68 getopt:r40 hardlink:13tc ionice:r40 ipcmk:r5s ipcrm:r40 ipcs:1mps last:13r4 lscpu:2rsw lsipc:25og lslocks:1jv4 lslogins:22io lsmem:1ge8 lsns:1t1c mcookie:r5s mesg:ego namei:r40 nsenter:rag partx:2lhc prlimit:uog rename.ul:hmg resizepart:1jk0 rev:baw setarch:l00 setpriv:1pvk setsid:baw setterm:10lc taskset:1d8g uclampset:1d8g unshare:1t7s utmpdump:ny0 whereis:ob4 i386>setarch lastb>last linux32>setarch linux64>setarch x86_64>setarch|S chmem:1ge8 ldattach:r40 readprofile:r4w rtcwake:10lc',
	'util-linux-extra': 's hwclock:1wao|B fincore:r5c lsfd:2n20 lsirq:r8w',
	'libc-bin':
		's ldconfig:l2e8|B getconf:kxs getent:s0w iconv:1dvs ldd:467 locale:10h4 localedef:6en4 pldd:hxc tzselect:bug zdump:hso ld.so>/lib64/ld-linux-x86-64.so.2|S iconvconfig:odc zic:1aeg',
	'libpam-modules-bin':
		's mkhomedir_helper:hlc pam_namespace_helper:cz pwhistory_helper:eew unix_chkpwd:u7s.2755 unix_update:u7s|S faillock:b94 pam_timestamp_check:b94',
	'libpam-runtime': 'S pam-auth-update:gfc pam_getenv:28a',
	adduser: 'S adduser:11by deluser:cwn addgroup>adduser delgroup>deluser',
	apt: 'B apt:egw apt-cache:1w94 apt-cdrom:hoo apt-config:ksg apt-get:13t4 apt-key:ll0 apt-mark:1a4o',
	debconf:
		'B debconf:27f debconf-apt-progress:8wl debconf-communicate:gw debconf-copydb:1br debconf-escape:hz debconf-set-selections:2b7 debconf-show:1er|S dpkg-preconfigure:311 dpkg-reconfigure:3gl',
	gpgv: 'B gpgv:a5ts',
	'base-passwd': 'S update-passwd:uew',
	procps:
		'b kill:hmg ps:34xk|s sysctl:ny8|B free:ks8 pgrep:r74 pidwait:r74 pmap:r4o pwdx:baw skill:nyo slabtop:ho8 tload:eh4 top:2vyo uptime:baw vmstat:rfk w:hmg watch:l3s pkill>pgrep snice>skill',
	iproute2:
		'b ip:et6w ss:45g0|s bridge:3ciw dcb:3694 devlink:4ulk rtacct:z20 rtmon:2gug tc:clj4 tipc:3cko vdpa:2k6g ip>ip|B lnstat:l08 nstat:2aiw rdma:3yp4 routel:1a2 ctstat>lnstat rtstat>lnstat|S arpd:2ajs genl:2k20',
	systemd:
		'b journalctl:1mz4 loginctl:1a7k networkctl:2c20 systemctl:t09k systemd-ask-password:els systemd-creds:xo0 systemd-escape:eig systemd-firstboot:13yw systemd-inhibit:how systemd-machine-id-setup:els systemd-notify:eio systemd-repart:3b28 systemd-sysext:xko systemd-sysusers:1diw systemd-tmpfiles:2fd4 systemd>/lib/systemd/systemd|B busctl:1zi8 hostnamectl:o00 kernel-install:a2t localectl:ku8 systemd-analyze:40a8 systemd-cat:eio systemd-cgls:hrc systemd-cgtop:uc8 systemd-cryptenroll:1aaw systemd-delta:ku8 systemd-detect-virt:eig systemd-id128:ho8 systemd-mount:13z4 systemd-path:eig systemd-run:1aa0 systemd-socket-activate:ku8 systemd-stdio-bridge:eio timedatectl:xh4 systemd-umount>systemd-mount',
	'systemd-sysv':
		's halt>systemctl init>/lib/systemd/systemd poweroff>systemctl reboot>systemctl runlevel>systemctl shutdown>systemctl telinit>systemctl',
	udev: 'b systemd-hwdb:2s2w udevadm:t07c',
	iptables:
		'S iptables-apply:5fh iptables>xtables-nft-multi iptables-save>xtables-nft-multi iptables-restore>xtables-nft-multi ip6tables>xtables-nft-multi ip6tables-save>xtables-nft-multi ip6tables-restore>xtables-nft-multi nfnl_osf:eeg xtables-legacy-multi:1yaw xtables-nft-multi:4wbk arptables-nft>xtables-nft-multi arptables-nft-restore>xtables-nft-multi arptables-nft-save>xtables-nft-multi ebtables-nft>xtables-nft-multi ebtables-nft-restore>xtables-nft-multi ebtables-nft-save>xtables-nft-multi ebtables-translate>xtables-nft-multi ip6tables-apply>iptables-apply ip6tables-legacy>xtables-legacy-multi ip6tables-legacy-restore>xtables-legacy-multi ip6tables-legacy-save>xtables-legacy-multi ip6tables-nft>xtables-nft-multi ip6tables-nft-restore>xtables-nft-multi ip6tables-nft-save>xtables-nft-multi ip6tables-restore-translate>xtables-nft-multi ip6tables-translate>xtables-nft-multi iptables-legacy>xtables-legacy-multi iptables-legacy-restore>xtables-legacy-multi iptables-legacy-save>xtables-legacy-multi iptables-nft>xtables-nft-multi iptables-nft-restore>xtables-nft-multi iptables-nft-save>xtables-nft-multi iptables-restore-translate>xtables-nft-multi iptables-translate>xtables-nft-multi xtables-monitor>xtables-nft-multi|B iptables-xml>../sbin/xtables-legacy-multi',
	curl: 'B curl:60o0',
	wget: 'B wget:a2y8',
	openssl: 'B c_rehash:5cd openssl:kx6w',
	conntrack: 'S conntrack:24rc',
	git: 'B git:27lag git-shell:19wm8 scalar:1b59k git-receive-pack>git git-upload-archive>git git-upload-pack>git',
	'openssh-client':
		'B scp:5uo0 sftp:67a8 ssh:o4dc ssh-add:bdmo ssh-agent:aetc.2755 ssh-argv0:14f ssh-copy-id:9s4 ssh-keygen:e6rk ssh-keyscan:dnts slogin>ssh',
	file: 'B file:kxc',
	bc: 'B bc:22tk',
	zip: 'B zip:4nps zipcloak:212g zipnote:1uhs zipsplit:1xog',
	unzip: 'B funzip:hqw unzip:3ub4 unzipsfx:1tgw zipgrep:2a7 zipinfo:3ub4',
	vim: 'B vim.basic:2660o vim>vim.basic vi>vim.basic view>vim.basic ex>vim.basic vimdiff>vim.basic rvim>vim.basic',
	less: 'B less:49io lessecho:b94 lesskey:io8 lesspipe:6zb lessfile>lesspipe',
	'net-tools':
		'b netstat:3bu0|s ifconfig:1sso ipmaddr:eo0 iptunnel:kzc mii-tool:le8 nameif:bko plipconfig:bfs rarp:tc8 route:1ink slattach:wjs|S arp:1g94',
	lsof: 'B lsof:3ur4',
	rsync: 'B rrsync:ypi rsync:ckvk rsync-ssl:589',
	bsdextrautils: 'B col:r40 colcrt:bb4 colrm:ny8 column:16ww hexdump:1a2w look:egw ul:hmo write:hmo hd>hexdump',
	binutils:
		'B addr2line>x86_64-linux-gnu-addr2line ar>x86_64-linux-gnu-ar as>x86_64-linux-gnu-as c++filt>x86_64-linux-gnu-c++filt dwp>x86_64-linux-gnu-dwp elfedit>x86_64-linux-gnu-elfedit gold>x86_64-linux-gnu-gold gp-archive>x86_64-linux-gnu-gp-archive gp-collect-app>x86_64-linux-gnu-gp-collect-app gp-display-html>x86_64-linux-gnu-gp-display-html gp-display-src>x86_64-linux-gnu-gp-display-src gp-display-text>x86_64-linux-gnu-gp-display-text gprof>x86_64-linux-gnu-gprof gprofng>x86_64-linux-gnu-gprofng ld>x86_64-linux-gnu-ld ld.bfd>x86_64-linux-gnu-ld.bfd ld.gold>x86_64-linux-gnu-ld.gold nm>x86_64-linux-gnu-nm objcopy>x86_64-linux-gnu-objcopy objdump>x86_64-linux-gnu-objdump ranlib>x86_64-linux-gnu-ranlib readelf>x86_64-linux-gnu-readelf size>x86_64-linux-gnu-size strings>x86_64-linux-gnu-strings strip>x86_64-linux-gnu-strip',
	make: 'B make:55eg make-first-existing-target:3s9 gmake>make',
	patch: 'B patch:443k',
	bzip2:
		'b bunzip2:u9k bzcat:u9k bzdiff:1pt bzexe:3rx bzgrep:2wv bzip2:u9k bzip2recover:b8o bzmore:101 bzcmp>bzdiff bzegrep>bzgrep bzfgrep>bzgrep bzless>bzmore',
	'xz-utils':
		'B lzmainfo:baw xz:1tc8 xzdiff:5q6 xzgrep:7z1 xzless:1ed xzmore:1ou unxz>xz xzcat>xz xzcmp>xzdiff xzegrep>xzgrep xzfgrep>xzgrep',
	psmisc: 'b fuser:vgw|B killall:p8w peekfd:bgg prtstat:eo8 pslog:bew pstree:s9s',
	strace: 'B strace:17liw strace-log-merge:1el',
	tmux: 'B tmux:liy8',
	tcpdump: 'B tcpdump:r7rs',
	'iputils-ping': 'b ping:1xvs ping4>ping ping6>ping',
	'bind9-dnsutils': 'B delv:wmw dig:34t4 dnstap-read:ehc mdig:10ls nslookup:2ins nsupdate:1mwo',
	'bind9-host': 'B host:2imo',
	'lsb-release': 'B lsb_release:21n',
	locales: 'S locale-gen:137 update-locale:2d3 validlocale:1d9',
	nftables: 'S nft:kns',
	'sensible-utils': 'B select-editor:1w2 sensible-browser:zu sensible-editor:z9 sensible-pager:fp',
	ucf: 'B lcf:608 ucf:w5c ucfq:exz ucfr:8kn',
	'man-db':
		'B catman:xsg lexgrog:2cx4 man:2nw0 man-recode:ryg mandb:38mo manpath:rhc whatis:14iw apropos>whatis|S accessdb:bfc',
	'groff-base':
		'B eqn:4ib4 groff:2r4g grog:254 grops:42uo grotty:30mo neqn:pd nroff:2jh pic:4u1c preconv:1ghk soelim:13ug tbl:37p4 troff:gl74 geqn>eqn gpic>pic gtbl>tbl',
	'ca-certificates': 'S update-ca-certificates:46i',
	time: 'B time:l4o',
	gpg: 'B gpg:nra0',
	// Sizes of these are near those of their packages.
	kmod: 'b kmod:3i80 lsmod>kmod|s depmod>../bin/kmod insmod>../bin/kmod lsmod>../bin/kmod modinfo>../bin/kmod modprobe>../bin/kmod rmmod>../bin/kmod',
	ethtool: 's ethtool:8x1c',
	sudo: 'B sudo:4zk0.4755 cvtsudoers:5sgo sudoreplay:28dw sudoedit>sudo|S visudo:4zd4 sudo_logsrvd:5vpc sudo_sendlog:2k5c',
	cron: 'B crontab:uc8.2755|S cron:19aw',
	ipset: 's ipset:awg',
	ipvsadm: 's ipvsadm:1cbs ipvsadm-restore:m5 ipvsadm-save:gx',
	socat: 'B filan:1elc procan:1cm8 socat:89ns',
	ebtables: 's ebtables-legacy:1vcw ebtables-legacy-restore:gz ebtables-legacy-save:1kx',
	pigz: 'B pigz:2zog unpigz>pigz',
	nfs: 's mount.nfs:2cbs.4755 mount.nfs4>mount.nfs nfsconf:113k osd_login:2xp rpc.statd:29k8 rpcctl:7ks showmount:eho sm-notify:18bc umount.nfs>mount.nfs umount.nfs4>mount.nfs|S blkmapd:14xs gssd:2rh8 mountstats:12ed nfsidmap:eho nfsiostat:hj0 nfsstat:qz8 rpc.gssd:2rh8 rpc.idmapd:11kw start-statd:f5',
	'fuse-overlayfs': 'B fuse-overlayfs:2yrc fusermount:r3s.4755 fusermount3:u6o.4755 ulockmgr_server:eho',
	'gettext-base': 'B envsubst:ri8 gettext:ri8 gettext.sh:42o ngettext:ri8',
	mtr: 'B mtr-packet:hlc mtr:1f5k mtr-report:1lt',
	telnet: 'B telnet.netkit:2awg telnet>telnet.netkit',
	'iputils-tracepath': 'B tracepath:hmg',
	'iputils-arping': 'B arping:l90',
	traceroute: 'B traceroute.db:1ka8 traceroute>traceroute.db traceroute6>traceroute.db|S tcptraceroute:18a',
	netcat: 'B nc.openbsd:yhc nc>nc.openbsd netcat>nc.openbsd',
	nano: 'B nano:653k rnano>nano',
	tree: 'B tree:1k8g',
	jq: 'B jq:nrk',
	xxd: 'B xxd:eho',
	bpftool: 'S bpftool:13j4g',
	python3: 'B python3.10:3ijko python3>python3.10 pydoc3:m py3clean:60y py3compile:9zb py3versions:7p0',
	snapd: 'B snap:b3hww snapctl>snap',
	docker:
		'B docker:16ltls containerd:vwrcs containerd-shim-runc-v2:6nlog ctr:gqb9c dockerd:1onwhs docker-init:gmrk docker-proxy:3x8qw runc:7s0y8',
	'bash-completion': 'B dh_bash-completion:2f8',
};
