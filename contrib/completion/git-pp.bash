# Completion of `git pp` for bash: source it after the completion that comes with git, which calls _git_pp.

_git_pp ()
{
	local verbs="run prove replay verify attest show log report covered gate apply push fetch forget export import mcp worker jobs keygen init doctor completion gc"
	local verb="$(__git_find_on_cmdline "$verbs")"

	case "$verb,$cur" in
	,*) __gitcomp "$verbs help" ;;
	run,--jobs=* | prove,--jobs=*) __gitcomp "auto" "" "${cur##--jobs=}" ;;
	run,--sandbox=* | prove,--sandbox=* | replay,--sandbox=*) __gitcomp "auto container bubblewrap unshare none" "" "${cur##--sandbox=}" ;;
	run,--network=* | prove,--network=* | replay,--network=*) __gitcomp "deny allow" "" "${cur##--network=}" ;;
	run,--history=* | prove,--history=* | replay,--history=*) __gitcomp "none tags" "" "${cur##--history=}" ;;
	run,--runs=* | prove,--runs=*) __gitcomp "auto" "" "${cur##--runs=}" ;;
	run,--sign=* | prove,--sign=*) __gitcomp "hmac-sha256 ed25519 ssh none" "" "${cur##--sign=}" ;;
	run,--provider=*) __gitcomp "search openai local command" "" "${cur##--provider=}" ;;
	prove,--mode=*) __gitcomp "fix refactor auto" "" "${cur##--mode=}" ;;
	replay,--mode=* | verify,--mode=* | report,--mode=* | apply,--mode=* | worker,--mode=*) __gitcomp "hmac-sha256 ed25519 ssh" "" "${cur##--mode=}" ;;
	replay,--accept=* | verify,--accept=* | report,--accept=* | apply,--accept=*) __gitcomp "refactor" "" "${cur##--accept=}" ;;
	verify,--require=* | report,--require=*) __gitcomp "all trailer" "" "${cur##--require=}" ;;
	attest,--mode=*) __gitcomp "hmac-sha256 ed25519 ssh none" "" "${cur##--mode=}" ;;
	report,--format=*) __gitcomp "markdown html junit sarif github" "" "${cur##--format=}" ;;
	gate,--agent=*) __gitcomp "aider claude codex copilot cursor gemini none opencode" "" "${cur##--agent=}" ;;
	mcp,--sign=*) __gitcomp "hmac-sha256 ed25519 ssh" "" "${cur##--sign=}" ;;
	run,--*) __gitcomp "--quiet --verbose --target= --policy= --base= --jobs= --sandbox= --network= --history= --include= --allow= --setup= --env= --expect= --hang-after= --timeout= --runs= --no-minimize --keep-worktrees --sign= --key= --key-env= --apply --artifacts --provider= --model= --samples= --accept-literal --show-prompt --help --json" ;;
	prove,--*) __gitcomp "--quiet --verbose --target= --policy= --base= --jobs= --sandbox= --network= --history= --include= --allow= --setup= --env= --expect= --hang-after= --timeout= --runs= --no-minimize --keep-worktrees --sign= --key= --key-env= --apply --artifacts --patch= --patches= --each --policy-from= --mode= --on= --workers= --confirm-by= --recheck= --environment= --deadline= --detach --flaky --help --json" ;;
	replay,--*) __gitcomp "--quiet --verbose --verify-attestation --key= --key-env= --mode= --trust= --trust-from= --allow-unsigned --accept= --bisect --sandbox= --network= --history= --include= --env= --help --json" ;;
	verify,--*) __gitcomp "--quiet --key= --key-env= --mode= --trust= --trust-from= --allow-unsigned --accept= --threshold= --allow-weak --exact --require= --policy-from= --max-age= --help --json" ;;
	attest,--*) __gitcomp "--mode= --key= --key-env= --help --json" ;;
	show,--*) __gitcomp "--help --json" ;;
	log,--*) __gitcomp "--limit= --gate --help --json" ;;
	report,--*) __gitcomp "--key= --key-env= --mode= --trust= --trust-from= --allow-unsigned --accept= --threshold= --allow-weak --exact --require= --policy-from= --max-age= --format= --help --json" ;;
	covered,--*) __gitcomp "--base= --max-age= --help --json" ;;
	gate,--*) __gitcomp "--agent= --begin --subagents --deadline= --off --on --accept --trust --help --json" ;;
	apply,--*) __gitcomp "--commit --key= --key-env= --mode= --trust= --trust-from= --allow-unsigned --accept= --help --json" ;;
	push,--*) __gitcomp "--with-attempts --with-snapshot --dry-run --help --json" ;;
	fetch,--*) __gitcomp "--help --json" ;;
	forget,--*) __gitcomp "--remote= --yes --help --json" ;;
	export,--*) __gitcomp "--help --json" ;;
	import,--*) __gitcomp "--help --json" ;;
	mcp,--*) __gitcomp "--sign= --key= --key-env= --trust= --answer-within= --help --json" ;;
	worker,--*) __gitcomp "--quiet --verbose --on= --repositories= --key= --mode= --name= --jobs= --metrics= --help --json" ;;
	jobs,--*) __gitcomp "--quiet --verbose --watch= --cancel= --retry= --help --json" ;;
	keygen,--*) __gitcomp "--help --json" ;;
	init,--*) __gitcomp "--force --dry-run --agent= --proposer= --user --remove --yes --help --json" ;;
	doctor,--*) __gitcomp "--agent= --on= --help --json" ;;
	completion,--*) __gitcomp "--help --json" ;;
	gc,--*) __gitcomp "--older-than= --all --dry-run --help --json" ;;
	prove,*) __git_complete_refs ;;
	replay,*) __git_complete_refs ;;
	verify,*) __git_complete_refs ;;
	attest,*) __git_complete_refs ;;
	show,*) __git_complete_refs ;;
	report,*) __git_complete_refs ;;
	apply,*) __git_complete_refs ;;
	push,*) __gitcomp_nl "$(__git_remotes)" ;;
	fetch,*) __gitcomp_nl "$(__git_remotes)" ;;
	forget,*) __git_complete_refs ;;
	export,*) __git_complete_refs ;;
	completion,*) __gitcomp "bash zsh fish" ;;
	esac
}
