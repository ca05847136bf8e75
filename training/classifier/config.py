"""Settings of both heads. Chosen by leaving out whole sources; see the model card."""

_COMMON = {
    "seed": 1,
    "runs": 3,
    "alpha": 0.25,
    "own_factor": 0.2,
    "planted_factor": 0.0,
    "no_requests": False,
    "other_attacks": 0.3,
    "other_benign": 0.5,
    "attack_share": 1.0,
    "benign_windows": 3,
    "window_power": 0.7,
    "rounds": 1,
    "slack": 0.5,
    # The shipped threshold lies this far above the mean of the folds: rules and decoded views have false positives of their own.
    "margin": 0.2,
    "alpha_l2": 1e-5,
    "epochs": 6,
}

HEADS = {
    "user": {**_COMMON, "channel": "user", "attack_share": 0.3, "own_factor": 0.5, "margin": 0.5},
    # Requests that people typed are what is planted into documents here, so they cannot be benign at the same time.
    "document": {**_COMMON, "channel": "document", "attack_share": 0.5, "own_factor": 0.4, "planted_factor": 1.0, "no_requests": True, "other_attacks": 1.0, "other_benign": 0.3},
}
