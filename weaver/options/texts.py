"""What the help of commands teaches, with examples."""

from __future__ import annotations

TEACH = """\
examples:
  weaver play                          the best audio host, every MIDI input, letters a s d f g h j k
  weaver play --set glasses --mode keys
                                       sixteen glasses under a keyboard
  weaver play --audio jack --midi Launchpad
  weaver perform                       two minutes to the first note, and a sphere that begins to fail
  weaver monitor                       what controllers say, and what that does
  weaver render song.mid -o song.flac --plot song.png
  weaver takes                         what was played so far; any of it can be rendered, exactly as it was
  weaver export evening.take           the same for a DAW: mix, stems, MIDI, a project
  weaver tune glasses -o glass.scl     the scale that a set's own sound asks for
  weaver anatomy auditorium Azure      how damage is heard in a sphere, measured
  weaver learn                         teach a control what it shall do
  weaver loom launchpad-x              what each pad of a controller does
  weaver play --lan                    a tablet on the network may ask to play; ? on the page shows how it gets here
  weaver touchosc -o spheres.tosc      a layout for TouchOSC on a tablet
  weaver doctor                        what a bug report needs, and what to do about what is wrong

files: a NAME is one of those that came along, or of your own in ~/.config/sonic-weaver/ ('weaver sets' lists
them); anything that ends in .toml or has a / in it is a FILE."""

PLAY_TEACH = """\
examples:
  weaver play                                        find everything by itself
  weaver play --set bowls --tuning slendro.scl --mode keys
  weaver play --audio portaudio --device Scarlett --rate 48000 --block 64
  weaver play --audio silent --no-terminal           as a service, without a sound card
  weaver play --play-out channels --tempo 96         in a DAW: each sphere leaves on a channel of its own
  weaver play --lan                                  with tablets; @ on the page lets one play that asks

modes: pads (notes from the set's base note on strike sphere 1, 2, 3...), keys (any note is playable),
mpe (every note with its own bend, pressure and timbre), channels (channel 1 is sphere 1, and so on).
'weaver chart' prints what each MIDI message does.

What is woven leaves by weaver:midi_out, the clock by weaver:clock_out; a DAW plays by weaver:midi_in. 'weaver ports'
shows who is connected; where a system lets nobody make ports, 'weaver doctor' says what to install."""

DOCTOR_TEACH = """\
examples:
  weaver doctor                                      everything, and what to do about what is wrong
  weaver doctor --loopback                           on JACK: from a note to its sound, and the figure for a DAW
  weaver doctor --loopback "IAC Driver Bus 1"        the way round a loop of the system's
  weaver doctor --loopback "Scarlett MIDI" UM-ONE    out here, in there, with a cable between them"""

PERFORM_TEACH = """\
examples:
  weaver perform                                     two minutes to the first note, and Azure begins to fail
  weaver perform --prelude 20s --stakes virtuoso
  weaver perform --show calm --mode keys
  weaver perform --in-time                           the chronometer starts, stands and hurries with a DAW's song

The chronometer counts to the first note; what you strike before it has run out coaxes the spheres, and begins
nothing. Then silence, for as long as you dare; then play. '.' is the finale. At the end all is reckoned. Shows are
files in configs/shows.

keys, here and in 'play': letters strike; 1 to 9 lay a gentle hand on a sphere, and take it off again; 0 lets all go;
= taps the beat; - mends what shattered last; . is the finale; space hushes; ! is panic. Enter starts and stops the
song; ( and ) turn its tempo, # takes that of the taps; : lets strikes wait for the beat, its half, its quarter."""

RENDER_TEACH = """\
examples:
  weaver render song.mid -o song.wav
  weaver render song.mid -o song.flac --set glasses --mode keys --plot song.png
  weaver render song.mid -o mix.wav --stems stems/   a file for each sphere, and the room
  weaver render evening.take -o evening.wav          a performance ('weaver takes'), exactly as it was heard

The same file, set, rate and seed give the same samples, whatever the block. Program changes are for playing
live; a MIDI file is rendered with one set. A take brings its own set, mode, tuning, rate and seed."""

EXPORT_TEACH = """\
examples:
  weaver export evening.take                         a folder evening/: mix, stems, song.mid, .dawproject, .rpp
  weaver export evening.take -o song/ --flac --force
  weaver export evening.take --only midi --form channels
  weaver export evening.take --only mix stems

song.dawproject (Bitwig, Studio One, Cubase) has the stems in it; song.rpp (REAPER) needs stems/ beside it; song.mid is
for every DAW. All begin at the take's first frame, which is the first beat. Stems bypass the limiter, and may be louder
than full scale: turn the master down, or put a limiter there."""

TUNE_TEACH = """\
examples:
  weaver tune glasses                                print the scale that glass asks for
  weaver tune glasses -o glass.scl --plot glass.png
  weaver play --set glasses --mode keys --tuning glass.scl
  weaver tune auditorium --sphere Cobalt --model sethares

A tone stands, another of the same spectrum glides up from it: where they are smooth together are the steps. Glass,
whose partials are no harmonics, is sour in our scales and sweet in its own. Judge by real spectra to hear the spheres
agree: the parameter connoisseur."""


ANATOMY_TEACH = """\
examples:
  weaver anatomy auditorium Azure                    how damage is heard in a bell, from whole to failing
  weaver anatomy auditorium Cobalt --damage 0.35     everything about it at one damage
  weaver anatomy bowls 1 --damage 0.6 --plot crack.png

The sphere is struck, left alone and listened to offline, under a law by which nothing changes. What is printed is
measured from the sound itself, beside what the model asks for."""

LEARN_TEACH = """\
examples:
  weaver learn                                       choose on the page, move a control, choose the next
  weaver learn wet_db lift:3 strike:8                these three, one after the other
  weaver learn --name mine                           keep it in controllers/mine.toml

What is taught is kept at once, in ~/.config/sonic-weaver/controllers, on top of what the controller did before. Sphere
numbers count from 1; without one all spheres are meant. On the page of 'weaver play' the key + does the same."""

LOOM_TEACH = """\
examples:
  weaver loom                                        the controllers there are, and what lights they have
  weaver loom launchpad-x                            what each of its pads, knobs and buttons does
  weaver loom apc-mini-mk2 --set grand --page 2 -o apc.png

Controllers are files in configs/controllers, and how spheres lie on pads in configs/looms; your own go to
~/.config/sonic-weaver/controllers and looms, and come first."""

OSC_TEACH = """\
examples:
  weaver osc                                         what may be said, and what is said
  weaver osc --set glasses --all | grep crack        every address of a set, one in each line
  oscsend localhost 8000 /sphere/azure/strike f 0.8

Numbers may come as any number or as true and false; what has a default may be left out, and more than is asked for is
no harm. A tablet hears all that is said at port 9000, unless it says /hello with another."""

PEERS_TEACH = """\
examples:
  weaver peers                                       who is remembered, since when
  weaver peers --allow 192.168.1.0/24                everybody in this house
  weaver peers --forget 192.168.1.20
  weaver peers --forget all

They are heard by 'weaver play --lan' without having to ask. The file is ~/.config/sonic-weaver/peers.toml, and yours to
edit."""

TOUCHOSC_TEACH = """\
examples:
  weaver touchosc -o spheres.tosc                    for a tablet, held across
  weaver touchosc -o phone.tosc --size phone --orientation portrait --set glasses
  weaver touchosc -o show.svg --page show            how a page looks

Ready-made ones for the set auditorium are in configs/touchosc. A layout is for one set: names and colours follow the
set on stage, but how many spheres there are is settled when it is made. Bring the file to the tablet (by mail, cloud or
cable), open it in TouchOSC, and set up the connection there: UDP, the address that 'weaver play --lan' prints, send
port 8000, receive port 9000."""
