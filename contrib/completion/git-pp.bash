# Completion of `git pp` for bash: source it after the completion that comes with git, which calls _git_pp.

_git_pp ()
{
	local verbs="run prove replay verify attest show log report apply push fetch forget export import keygen init doctor gc"
	local session="--target= --policy= --base= --jobs= --sandbox= --network= --history= --include= --setup= --env= --expect=
		--hang-after= --timeout= --runs= --sign= --key= --key-env= --no-minimize --keep-worktrees --apply --artifacts --quiet --verbose"
	local trust="--key= --key-env= --mode= --trust= --trust-from= --allow-unsigned"
	local verb="$(__git_find_on_cmdline "$verbs")"

	case "$verb,$cur" in
	,*) __gitcomp "$verbs help" ;;
	*,--network=*) __gitcomp "deny allow" "" "${cur##--network=}" ;;
	*,--history=*) __gitcomp "none tags" "" "${cur##--history=}" ;;
	*,--sign=*) __gitcomp "hmac-sha256 ed25519 ssh none" "" "${cur##--sign=}" ;;
	*,--sandbox=*) __gitcomp "auto container bubblewrap unshare none" "" "${cur##--sandbox=}" ;;
	run,--*) __gitcomp "$session --provider= --model= --show-prompt --json --help" ;;
	prove,--*) __gitcomp "$session --patch= --each --flaky --json --help" ;;
	*,--mode=*) __gitcomp "hmac-sha256 ed25519 ssh none" "" "${cur##--mode=}" ;;
	*,--require=*) __gitcomp "all trailer" "" "${cur##--require=}" ;;
	verify,--*) __gitcomp "$trust --threshold= --allow-weak --exact --require= --policy-from= --max-age= --quiet --json --help" ;;
	attest,--*) __gitcomp "--mode= --key= --key-env= --json --help" ;;
	replay,--*) __gitcomp "$trust --verify-attestation --bisect --sandbox= --network= --history= --quiet --verbose --json --help" ;;
	log,--*) __gitcomp "--limit= --json --help" ;;
	*,--format=*) __gitcomp "markdown html" "" "${cur##--format=}" ;;
	report,--*) __gitcomp "--format= $trust --json --help" ;;
	apply,--*) __gitcomp "$trust --commit --json --help" ;;
	push,--*) __gitcomp "--with-attempts --with-snapshot --dry-run --json --help" ;;
	forget,--*) __gitcomp "--remote= --yes --json --help" ;;
	init,--*) __gitcomp "--force --dry-run --json --help" ;;
	gc,--*) __gitcomp "--older-than= --all --dry-run --json --help" ;;
	*,--*) __gitcomp "--json --help" ;;
	push,* | fetch,*) __gitcomp_nl "$(__git_remotes)" ;;
	prove,* | verify,* | attest,* | report,* | apply,* | forget,* | replay,* | show,* | export,*) __git_complete_refs ;;
	esac
}
