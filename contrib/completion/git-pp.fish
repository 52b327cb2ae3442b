# Completion of `git pp` for fish: copy it to ~/.config/fish/completions/; fish's own completion of git reads it there.

set -l verbs run prove replay verify attest show log report apply push fetch forget export import keygen init doctor gc
set -l none "not __fish_seen_subcommand_from $verbs"

complete -f -c git-pp
complete -c git-pp -n $none -a run -d 'make a failing command pass, and prove that the patch did it'
complete -c git-pp -n $none -a prove -d 'prove a change that exists, whoever wrote it'
complete -c git-pp -n $none -a replay -d 'run a proof again, in fresh worktrees'
complete -c git-pp -n $none -a verify -d 'check proofs without running anything'
complete -c git-pp -n $none -a attest -d 'check a proof, then sign it'
complete -c git-pp -n $none -a show -d 'show one proof in full'
complete -c git-pp -n $none -a log -d 'list the proofs, one per line'
complete -c git-pp -n $none -a report -d 'write a proof as a block for a pull request, or as a page'
complete -c git-pp -n $none -a apply -d 'put a proved change into your files, or commit it'
complete -c git-pp -n $none -a push -d 'send proofs to a remote'
complete -c git-pp -n $none -a fetch -d 'fetch the proofs of a remote'
complete -c git-pp -n $none -a forget -d 'remove a proof, here and on a remote'
complete -c git-pp -n $none -a export -d 'write a proof as a directory'
complete -c git-pp -n $none -a import -d 'read an exported proof back in'
complete -c git-pp -n $none -a keygen -d 'make a pair of keys for signing'
complete -c git-pp -n $none -a init -d 'write a policy that fits this project'
complete -c git-pp -n $none -a doctor -d 'check everything that a session needs, and say how to fix it'
complete -c git-pp -n $none -a gc -d 'remove what dead or old sessions left behind'

function __git_pp_option --argument-names verbs
    complete -c git-pp -n "__fish_seen_subcommand_from $verbs" $argv[2..-1]
end

__git_pp_option "$verbs" -l json -d 'print one JSON object'
__git_pp_option "$verbs" -l help -d 'list the options'
__git_pp_option 'run prove replay' -l quiet -d 'answer with one line'
__git_pp_option 'run prove replay' -l verbose -d 'print every run and every step'
__git_pp_option 'run prove replay' -l sandbox -x -a 'auto container bubblewrap unshare none'
__git_pp_option 'run prove replay' -l network -x -a 'deny allow'
__git_pp_option 'run prove replay' -l history -x -a 'none tags'
for option in target base jobs setup env expect hang-after timeout runs
    __git_pp_option 'run prove' -l $option -x
end
__git_pp_option 'run prove' -l sign -x -a 'hmac-sha256 ed25519 ssh none'
for verb in run prove replay verify report attest
    __git_pp_option $verb -l key -r
    __git_pp_option $verb -l key-env -x
end
__git_pp_option 'replay verify report attest' -l mode -x -a 'hmac-sha256 ed25519 ssh none'
__git_pp_option 'replay verify report apply' -l trust -r
__git_pp_option 'replay verify report apply' -l trust-from -x
__git_pp_option 'replay verify report apply' -l allow-unsigned -d 'accept a proof that no trusted key has signed'
__git_pp_option replay -l verify-attestation -d 'verify the proof first'
__git_pp_option verify -l quiet -d 'answer with one line'
__git_pp_option verify -l threshold -x
__git_pp_option verify -l allow-weak -d 'also accept red once and green once'
__git_pp_option verify -l exact -d 'refuse other commits with the same trees'
__git_pp_option verify -l require -x -a 'all trailer'
__git_pp_option verify -l policy-from -x
__git_pp_option verify -l max-age -x
__git_pp_option 'run prove' -l policy -r
__git_pp_option 'run prove' -l include -r
__git_pp_option 'run prove' -l no-minimize -d 'keep the whole patch'
__git_pp_option 'run prove' -l keep-worktrees -d 'keep the worktrees, so that you can look at them'
__git_pp_option 'run prove' -l apply -d 'put the proved change into your files'
__git_pp_option 'run prove' -l artifacts -d 'also export'
__git_pp_option run -l provider -x -a 'search openai local command stub'
__git_pp_option run -l model -x
__git_pp_option run -l show-prompt -d 'print the prompt that a model would get'
__git_pp_option prove -l patch -r
__git_pp_option prove -l each -d 'prove each commit of A..B'
__git_pp_option prove -l flaky -d 'prove the fix of a flaky test by many runs'
__git_pp_option replay -l bisect -d 'for git bisect run'
__git_pp_option log -l limit -x
__git_pp_option report -l format -x -a 'markdown html'
__git_pp_option apply -l commit -d 'commit the change on the branch'
__git_pp_option push -l with-attempts -d 'also send the attempts'
__git_pp_option push -l with-snapshot -d 'also send sessions that started from uncommitted work'
__git_pp_option 'push init gc' -l dry-run -d 'only list what would be done'
__git_pp_option forget -l remote -x
__git_pp_option forget -l yes -d 'do not ask for confirmation'
__git_pp_option init -l force -d 'replace an existing pp.yaml'
__git_pp_option gc -l older-than -x
__git_pp_option gc -l all -d 'proofs included'
functions -e __git_pp_option
