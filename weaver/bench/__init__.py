"""What the instrument is measured with, and what it is measured beside.

    table            rows in, a table for people or JSON for machines out; the columns of every section
    bank             512 decaying sines that every synth is asked to ring, and the check that it did
    peers            all peers ring the bank: faust_bank, scsynth_bank, pyo_bank (its process: pyo_child)
    note_to_sound    from a note to its sound, for any JACK synth; FluidSynth and amsynth by itself
    probe            the native JACK client that plays the notes and times what comes back
    jack_dummy       a private JACK server without hardware
    process          other programs: their output, their processor time, their version

A peer that is missing costs a row its figures, never the benchmark: the row says what is missing.

    rows = bank_rows(ring_peers(), own=[...]) + latency_rows(peers_latency())
    show(rows, console)
    path.write_text(to_json(rows))
"""
