/** The emoji that people write most, each with its names: those that chat programs agree on. */
export const table = `
😀 grinning;😃 smiley;😄 smile;😁 grin;😆 laughing,satisfied;😅 sweat_smile;🤣 rofl;😂 joy;🙂 slightly_smiling_face
🙃 upside_down_face;🫠 melting_face;😉 wink;😊 blush;😇 innocent;🥰 smiling_face_with_hearts;😍 heart_eyes;🤩 star_struck
😘 kissing_heart;😗 kissing;😚 kissing_closed_eyes;😋 yum;😛 stuck_out_tongue;😜 stuck_out_tongue_winking_eye;🤪 zany_face
🤑 money_mouth_face;🤗 hugs,hugging_face;🤭 hand_over_mouth;🫢 face_with_open_eyes_and_hand_over_mouth;🤫 shushing_face
🤔 thinking;🫡 saluting_face;🤐 zipper_mouth_face;🤨 raised_eyebrow;😐 neutral_face;😑 expressionless;😶 no_mouth
😏 smirk;😒 unamused;🙄 roll_eyes;😬 grimacing;🤥 lying_face;😌 relieved;😔 pensive;😪 sleepy;🤤 drooling_face;😴 sleeping
😷 mask;🤒 face_with_thermometer;🤕 face_with_head_bandage;🤢 nauseated_face;🤮 vomiting_face;🤧 sneezing_face;🥵 hot_face
🥶 cold_face;🥴 woozy_face;😵 dizzy_face;🤯 exploding_head;🤠 cowboy_hat_face;🥳 partying_face;🥸 disguised_face
😎 sunglasses;🤓 nerd_face;🧐 monocle_face;😕 confused;🫤 face_with_diagonal_mouth;😟 worried;🙁 slightly_frowning_face
☹️ frowning_face;😮 open_mouth;😯 hushed;😲 astonished;😳 flushed;🥺 pleading_face;🥹 face_holding_back_tears;😦 frowning
😧 anguished;😨 fearful;😰 cold_sweat;😥 disappointed_relieved;😢 cry;😭 sob;😱 scream;😖 confounded;😣 persevere
😞 disappointed;😓 sweat;😩 weary;😫 tired_face;🥱 yawning_face;😤 triumph;😡 rage,pout;😠 angry;🤬 cursing_face
😈 smiling_imp;👿 imp;💀 skull;☠️ skull_and_crossbones;💩 poop,hankey;🤡 clown_face;👻 ghost;👽 alien;🤖 robot
😺 smiley_cat;😹 joy_cat;😻 heart_eyes_cat;🙀 scream_cat;😿 crying_cat_face;🙈 see_no_evil;🙉 hear_no_evil;🙊 speak_no_evil
💌 love_letter;💘 cupid;💖 sparkling_heart;💗 heartpulse;💓 heartbeat;💕 two_hearts;💔 broken_heart;❤️ heart;🩷 pink_heart
🧡 orange_heart;💛 yellow_heart;💚 green_heart;💙 blue_heart;💜 purple_heart;🤎 brown_heart;🖤 black_heart;🤍 white_heart
💋 kiss;💯 100;💢 anger;💥 boom,collision;💫 dizzy;💦 sweat_drops;💨 dash;🕳️ hole;💬 speech_balloon;💭 thought_balloon;💤 zzz
👋 wave;🤚 raised_back_of_hand;🖐️ raised_hand_with_fingers_splayed;✋ hand,raised_hand;🖖 vulcan_salute;👌 ok_hand
🤌 pinched_fingers;🤏 pinching_hand;✌️ v;🤞 crossed_fingers;🫰 hand_with_index_finger_and_thumb_crossed;🤟 love_you_gesture
🤘 metal;🤙 call_me_hand;👈 point_left;👉 point_right;👆 point_up_2;🖕 middle_finger;👇 point_down;☝️ point_up
👍 +1,thumbsup;👎 -1,thumbsdown;✊ fist;👊 facepunch,punch;🤛 fist_left;🤜 fist_right;👏 clap;🙌 raised_hands
🫶 heart_hands;👐 open_hands;🤲 palms_up_together;🤝 handshake;🙏 pray;✍️ writing_hand;💅 nail_care;🤳 selfie;💪 muscle
👂 ear;👃 nose;🧠 brain;👀 eyes;👁️ eye;👅 tongue;👄 lips;👶 baby;👦 boy;👧 girl;👨 man;👩 woman;👴 older_man;👵 older_woman
🙍 frowning_person;🙅 no_good;🙆 ok_person;💁 tipping_hand_person;🙋 raising_hand;🙇 bow;🤦 facepalm;🤷 shrug
👮 police_officer;🕵️ detective;💂 guard;🥷 ninja;👷 construction_worker;🤴 prince;👸 princess;🎅 santa;🦸 superhero
🧙 mage;🧚 fairy;🧛 vampire;🧟 zombie;🚶 walking;🏃 running,runner;💃 dancer;🕺 man_dancing;🧘 lotus_position;👥 busts_in_silhouette
👪 family;👣 footprints;🐵 monkey_face;🐶 dog;🐺 wolf;🦊 fox_face;🦝 raccoon;🐱 cat;🦁 lion;🐯 tiger;🐴 horse;🦄 unicorn
🐮 cow;🐷 pig;🐑 sheep;🐐 goat;🐪 camel;🦒 giraffe;🐘 elephant;🐭 mouse;🐹 hamster;🐰 rabbit;🦔 hedgehog;🦇 bat;🐻 bear
🐨 koala;🐼 panda_face;🦥 sloth;🐔 chicken;🐣 hatching_chick;🐤 baby_chick;🐧 penguin;🕊️ dove;🦅 eagle;🦆 duck;🦉 owl
🐸 frog;🐢 turtle;🐍 snake;🐉 dragon;🦖 t-rex;🐳 whale;🐬 dolphin;🐟 fish;🐙 octopus;🦀 crab;🐌 snail;🦋 butterfly;🐛 bug
🐜 ant;🐝 bee,honeybee;🐞 lady_beetle;🕷️ spider;💐 bouquet;🌸 cherry_blossom;🌹 rose;🌻 sunflower;🌷 tulip;🌱 seedling
🌲 evergreen_tree;🌳 deciduous_tree;🌴 palm_tree;🌵 cactus;🍀 four_leaf_clover;🍁 maple_leaf;🍄 mushroom;🍇 grapes;🍉 watermelon
🍊 tangerine;🍋 lemon;🍌 banana;🍍 pineapple;🍎 apple;🍐 pear;🍑 peach;🍒 cherries;🍓 strawberry;🥝 kiwi_fruit;🍅 tomato
🥑 avocado;🥕 carrot;🌽 corn;🌶️ hot_pepper;🥦 broccoli;🧅 onion;🥜 peanuts;🍞 bread;🥐 croissant;🥨 pretzel;🧀 cheese
🥓 bacon;🍔 hamburger;🍟 fries;🍕 pizza;🌭 hotdog;🥪 sandwich;🌮 taco;🌯 burrito;🥚 egg;🍳 fried_egg;🥗 green_salad
🍿 popcorn;🍱 bento;🍚 rice;🍜 ramen;🍝 spaghetti;🍣 sushi;🍦 icecream;🍩 doughnut;🍪 cookie;🎂 birthday;🍰 cake;🧁 cupcake
🍫 chocolate_bar;🍬 candy;🍯 honey_pot;☕ coffee;🍵 tea;🍾 champagne;🍷 wine_glass;🍸 cocktail;🍺 beer;🍻 beers;🥂 clinking_glasses
🌍 earth_africa;🌎 earth_americas;🌏 earth_asia;🌐 globe_with_meridians;🗺️ world_map;⛰️ mountain;🌋 volcano;🏖️ beach_umbrella
🏠 house;🏢 office;🏥 hospital;🏫 school;🏭 factory;🏰 european_castle;⛪ church;🕌 mosque;🕍 synagogue;🌅 sunrise
🎡 ferris_wheel;🚂 steam_locomotive;🚆 train2;🚇 metro;🚌 bus;🚑 ambulance;🚒 fire_engine;🚓 police_car;🚕 taxi;🚗 car
🚚 truck;🚜 tractor;🏍️ motorcycle;🛴 kick_scooter;🚲 bike;🚨 rotating_light;🚦 traffic_light;🚧 construction;⚓ anchor
⛵ sailboat,boat;🚢 ship;✈️ airplane;🛫 flight_departure;🚁 helicopter;🚀 rocket;🛸 flying_saucer;⌛ hourglass;⏳ hourglass_flowing_sand
⌚ watch;⏰ alarm_clock;⏱️ stopwatch;🌑 new_moon;🌙 crescent_moon;☀️ sunny;🌝 full_moon_with_face;⭐ star;🌟 star2;🌠 stars
☁️ cloud;⛅ partly_sunny;🌧️ cloud_with_rain;⛈️ cloud_with_lightning_and_rain;🌨️ cloud_with_snow;🌪️ tornado;🌈 rainbow;☔ umbrella
⚡ zap;❄️ snowflake;⛄ snowman;☄️ comet;🔥 fire;💧 droplet;🌊 ocean;🎃 jack_o_lantern;🎄 christmas_tree;🎆 fireworks
🎇 sparkler;🧨 firecracker;✨ sparkles;🎈 balloon;🎉 tada;🎊 confetti_ball;🎀 ribbon;🎁 gift;🎫 ticket;🏆 trophy;🏅 medal_sports
🥇 1st_place_medal;🥈 2nd_place_medal;🥉 3rd_place_medal;⚽ soccer;⚾ baseball;🏀 basketball;🏐 volleyball;🏈 football;🎾 tennis
🎳 bowling;🎯 dart;🎮 video_game;🎲 game_die;🧩 jigsaw;♟️ chess_pawn;🎭 performing_arts;🎨 art;🧵 thread;👓 eyeglasses
👕 shirt;👖 jeans;👗 dress;👟 athletic_shoe;👑 crown;🎩 tophat;🎓 mortar_board;💍 ring;💎 gem;🔇 mute;🔊 loud_sound
📢 loudspeaker;📣 mega;🔔 bell;🔕 no_bell;🎵 musical_note;🎶 notes;🎤 microphone;🎧 headphones;📻 radio;🎷 saxophone
🎸 guitar;🎹 musical_keyboard;🎺 trumpet;🎻 violin;🥁 drum;📱 iphone;☎️ phone,telephone;🔋 battery;🔌 electric_plug
💻 computer;🖥️ desktop_computer;🖨️ printer;⌨️ keyboard;🖱️ computer_mouse;💾 floppy_disk;💿 cd;📷 camera;🎥 movie_camera;📺 tv
🔍 mag;🔎 mag_right;💡 bulb;🔦 flashlight;📖 book,open_book;📚 books;📓 notebook;📰 newspaper;🔖 bookmark;🏷️ label;💰 moneybag
💳 credit_card;🧾 receipt;✉️ email,envelope;📧 e-mail;📥 inbox_tray;📤 outbox_tray;📦 package;📫 mailbox;✏️ pencil2;📝 memo,pencil
💼 briefcase;📁 file_folder;📅 date;📆 calendar;📈 chart_with_upwards_trend;📉 chart_with_downwards_trend;📊 bar_chart;📋 clipboard
📌 pushpin;📍 round_pushpin;📎 paperclip;📏 straight_ruler;✂️ scissors;🗑️ wastebasket;🔒 lock;🔓 unlock;🔑 key;🔨 hammer
🪓 axe;🛠️ hammer_and_wrench;🔧 wrench;🔩 nut_and_bolt;⚙️ gear;⚖️ balance_scale;🔗 link;⛓️ chains;🧲 magnet;🧪 test_tube
🧬 dna;🔬 microscope;🔭 telescope;💉 syringe;💊 pill;🚪 door;🛏️ bed;🚽 toilet;🚿 shower;🧹 broom;🧻 roll_of_paper;🧯 fire_extinguisher
🛒 shopping_cart;⚠️ warning;⛔ no_entry;🚫 no_entry_sign;☢️ radioactive;☣️ biohazard;⬆️ arrow_up;➡️ arrow_right;⬇️ arrow_down
⬅️ arrow_left;↩️ leftwards_arrow_with_hook;🔄 arrows_counterclockwise;🔙 back;🔜 soon;🔝 top;☮️ peace_symbol;☯️ yin_yang
♻️ recycle;✅ white_check_mark;☑️ ballot_box_with_check;✔️ heavy_check_mark;❌ x;❎ negative_squared_cross_mark;➕ heavy_plus_sign
➖ heavy_minus_sign;➰ curly_loop;‼️ bangbang;❓ question;❔ grey_question;❗ exclamation;❕ grey_exclamation;〰️ wavy_dash
©️ copyright;®️ registered;™️ tm;🆒 cool;🆓 free;🆕 new;🆗 ok;🆘 sos;🆙 up;🆚 vs;🔴 red_circle;🟠 orange_circle;🟡 yellow_circle
🟢 green_circle;🔵 large_blue_circle;🟣 purple_circle;⚫ black_circle;⚪ white_circle;🔶 large_orange_diamond;🔷 large_blue_diamond
🏁 checkered_flag;🚩 triangular_flag_on_post;🏴 black_flag;🏳️ white_flag;🏳️‍🌈 rainbow_flag;🏴‍☠️ pirate_flag
`
